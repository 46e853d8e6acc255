import { Client } from 'undici';
import { caller, turns, type Caller, type Requests } from './caller.js';

/** `POST /v1/embeddings` with vectors as base64, as OpenAI's own client asks for them. */
export function embeddings(requests: Requests): (port: number) => Promise<Caller> {
  const bodies = requests.lists.map((list) =>
    JSON.stringify({ input: list.map(textOf), modality: requests.modality, encoding_format: 'base64' }),
  );
  return posts('/v1/embeddings', bodies, requests);
}

/** `POST /post` with documents in JSON and vectors as lists of numbers, the form for everyone but the Python client. */
export function post(requests: Requests): (port: number) => Promise<Caller> {
  const bodies = requests.lists.map((list) =>
    JSON.stringify({
      exec_endpoint: '/encode',
      parameters: { drop_image_content: true },
      data: list.map((item) => (typeof item === 'string' ? { text: item } : { blob: textOf(item) })),
    }),
  );
  return posts('/post', bodies, requests);
}

function posts(path: string, bodies: string[], requests: Requests): (port: number) => Promise<Caller> {
  const buffers = bodies.map((body) => Buffer.from(body));
  return async (port) => {
    const client = new Client(`http://127.0.0.1:${port}`);
    const next = turns(buffers.length);
    const send = async (): Promise<string> => {
      const body = buffers[next()]!;
      const answer = await client.request({
        method: 'POST',
        path,
        body,
        headers: { 'content-type': 'application/json' },
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
      return text;
    };
    return caller(requests, {
      send,
      check: (answer) => check(path, answer, requests),
      close: () => void client.destroy(),
    });
  };
}

function check(path: string, answer: string, { lists }: Requests): void {
  const { data } = JSON.parse(answer) as { data: { embedding?: unknown }[] };
  if (data.length === lists[0]?.length && data.every(({ embedding }) => embedding)) return;
  throw new Error(`${path} answered ${data.length} items, or one without an embedding.`);
}

function textOf(item: string | Buffer): string {
  return typeof item === 'string' ? item : item.toString('base64');
}

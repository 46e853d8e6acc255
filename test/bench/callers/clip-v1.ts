import { Client, credentials } from '@grpc/grpc-js';
import { turns, type Caller, type Requests } from './caller.js';
import { asIs, bytesMethod, channelOptions } from './definitions.js';

const encode = bytesMethod('clip.v1.Clip', 'Encode');

/** `clip.v1.Clip/Encode`: a unary call per request. */
export function clipV1(requests: Requests): (port: number) => Promise<Caller> {
  const messages = requests.lists.map((list) =>
    encode.encode({ items: list.map((item) => (typeof item === 'string' ? { text: item } : { image: item })) }),
  );
  return async (port) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
    const next = turns(messages.length);
    const call = (): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(encode.path, asIs, asIs, messages[next()]!, (err, answer) => {
          if (err || !answer) reject(err ?? new Error('no answer'));
          else resolve(answer);
        });
      });
    check(await call(), requests);
    return { call: async () => void (await call()), close: () => client.close() };
  };
}

function check(answer: Buffer, requests: Requests): void {
  const { results } = encode.decode(answer) as { results: { embedding?: object }[] };
  const isWhole = results.length === requests.lists[0]?.length && results.every((result) => result.embedding);
  if (!isWhole) throw new Error(`clip.v1 answered ${results.length} results, or one of them failed.`);
}

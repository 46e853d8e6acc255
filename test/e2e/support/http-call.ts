import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What a server answered, as bytes: nothing is decompressed or followed. */
export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** The body as text. */
  text: string;
  /** The body parsed; throws when it is no JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface HttpCall {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** PEM of the authority that a TLS server is trusted by. */
  authority?: string;
}

/**
 * One call on a connection of its own. Unlike `fetch` it shows the bytes as they came, and an answer that arrives
 * before the body is sent (413) is an answer and not a broken connection.
 */
export function call(url: string, options: HttpCall = {}): Promise<HttpAnswer> {
  const { method = options.body === undefined ? 'GET' : 'POST', headers = {}, body, authority } = options;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    let answered = false;
    const req = send(url, { method, headers, agent: false, ...(authority ? { ca: authority } : {}) }, (res) => {
      answered = true;
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve(answer(res.statusCode ?? 0, res.headers, Buffer.concat(chunks))));
    });
    req.on('error', (err) => {
      if (!answered) reject(err);
    });
    req.end(body);
  });
}

/** POST of `value` as JSON. */
export function postJson(url: string, value: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return call(url, { body: JSON.stringify(value), headers: { 'content-type': 'application/json', ...headers } });
}

function answer(status: number, headers: IncomingHttpHeaders, bytes: Buffer): HttpAnswer {
  const text = bytes.toString('utf8');
  return { status, headers, bytes, text, json: <T>() => JSON.parse(text) as T };
}

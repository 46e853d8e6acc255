import type { IncomingHttpHeaders } from 'node:http2';

/** What a key of metadata may hold (gRPC over HTTP/2, Header-Name). */
const KEY = /^[0-9a-z_.-]+$/;

/** What a value of metadata may hold (the same, ASCII-Value), unless it is binary. */
const VALUE = /^[ -~]*$/;

/** Keys that end so have binary values, in base64. */
const BINARY_ENDING = '-bin';

/**
 * Makes the headers of a call such as metadata may be: fields with other characters than ASCII are taken out, as if
 * they had not been sent. Of credentials each such character becomes a question mark, so that they are refused as wrong
 * and not missed. grpc-js would take out all of them, too, but writes their values to the standard error output before,
 * tokens among them.
 *
 * @param rawHeaders names and values in turn, as they came
 */
export function keepValidMetadata(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): void {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const key = rawHeaders[at] ?? '';
    if (key.startsWith(':') || isValid(key, rawHeaders[at + 1] ?? '')) continue;
    const value = headers[key];
    if (key === 'authorization' && typeof value === 'string') headers[key] = value.replaceAll(/[^ -~]/g, '?');
    else delete headers[key];
  }
}

function isValid(key: string, value: string): boolean {
  return KEY.test(key) && (VALUE.test(value) || key.endsWith(BINARY_ENDING));
}

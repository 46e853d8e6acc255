import { isRecord } from './json-fields.js';

/**
 * Whether a POST comes from jina's Python client, which needs `encodeHttpJinaResponse`; everyone else gets the object
 * form. It sends `header.request_id` and a top-level `exec_endpoint`, and names aiohttp as its agent. `headers` are
 * Node's (names in lower case).
 */
export function isJinaClient(headers: { readonly 'user-agent'?: string | undefined }, body: unknown): boolean {
  if (!headers['user-agent']?.includes('aiohttp') || !isRecord(body)) return false;
  const header = body['header'];
  return isRecord(header) && typeof header['request_id'] === 'string' && typeof body['exec_endpoint'] === 'string';
}

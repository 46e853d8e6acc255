import { servedDefinitions } from '../grpc/definitions.js';

/** For specs: reads `clip.v1.EncodeResponse` as a client generated from the proto does. */
export function encodeResponseReader(): (bytes: Buffer) => unknown {
  const method: unknown = Reflect.get(servedDefinitions['clip.v1.Clip'] ?? {}, 'Encode');
  const isReader = typeof method === 'object' && method !== null && 'responseDeserialize' in method;
  if (!isReader || typeof method.responseDeserialize !== 'function') throw new Error('proto/ has no Clip/Encode');
  const { responseDeserialize } = method;
  return (bytes) => Reflect.apply(responseDeserialize, method, [bytes]);
}

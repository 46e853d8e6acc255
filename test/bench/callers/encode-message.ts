import { bytesMethod } from './definitions.js';
import type { Requests } from './caller.js';

const encode = bytesMethod('clip.v1.Clip', 'Encode');

/** The requests as `clip.v1.EncodeRequest`. */
export function encodeRequests({ lists }: Requests): Buffer[] {
  return lists.map((list) =>
    encode.encode({ items: list.map((item) => (typeof item === 'string' ? { text: item } : { image: item })) }),
  );
}

/** Throws unless every item of the answer has an embedding. */
export function checkEncoded(answer: Buffer, { lists }: Requests): void {
  const { results } = encode.decode(answer) as { results: { embedding?: object }[] };
  const isWhole = results.length === lists[0]?.length && results.every((result) => result.embedding);
  if (!isWhole) throw new Error(`clip.v1 answered ${results.length} results, or one of them failed.`);
}

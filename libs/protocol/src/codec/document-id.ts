import { randomUUID } from 'node:crypto';
import type { Document } from '#core';

/**
 * The id that a document has in an answer: its own, or a new one of 32 hex digits, as docarray gives to every document,
 * match and chunk that comes without. Given when the answer is written, so that errors speak of ids that the caller
 * knows.
 */
export function answeredId({ id }: Document): string {
  return id || randomUUID().replaceAll('-', '');
}

import type { Document } from '#core';
import type { DocumentRequest } from '#serving';

/** A request of which everything is known but its documents, which have only been counted. */
export interface SealedRequest extends Omit<DocumentRequest, 'documents'> {
  /** How many documents it has, chunks and matches not included. */
  readonly count: number;
  /** Bytes of the message; 0 where the documents are made already. */
  readonly byteLength: number;
  /**
   * Makes the documents, in turns of the event loop. Their buffers are views of the message, which must not change
   * afterwards. Rejects with `invalid_argument` for what cannot be decoded and `request_too_large` beyond what a
   * message may hold. Once only.
   */
  open(): Promise<Document[]>;
}

/** A request whose documents are there already, in the form of one whose documents are not. */
export function sealed({ documents, ...head }: DocumentRequest): SealedRequest {
  return { ...head, count: documents.length, byteLength: 0, open: () => Promise.resolve(documents) };
}

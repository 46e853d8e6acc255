import type { DocumentResponse } from '#serving';
import {
  encodeDataResponse,
  encodeWebSocketResponse,
  readDataRequest,
  readJsonRequest,
  requireUtf8,
  type SealedRequest,
} from '../codec/index.js';

/** One of the two sub-protocols: how a frame becomes a request, an answer a frame, and what ends the input. */
export interface FrameFormat {
  readonly isBinary: boolean;
  isEnd(frame: Buffer): boolean;
  /** Rejects with `invalid_argument` on what it cannot read. */
  decode(frame: Buffer, receivedAtMs: number): Promise<SealedRequest>;
  /** The answer, whole or in pieces. */
  encode(response: DocumentResponse): Promise<Uint8Array> | Iterable<string>;
}

/** Serialized `DataRequestProto`; the end is one byte of any value (the Python client sends 0x00). */
export const bytesFormat: FrameFormat = {
  isBinary: true,
  isEnd: (frame) => frame.length === 1,
  decode: readDataRequest,
  encode: encodeDataResponse,
};

/** JSON texts, also for clients that ask for no sub-protocol; the end is `{}`. */
export const jsonFormat: FrameFormat = {
  isBinary: false,
  isEnd: (frame) => frame.length <= 16 && /^\s*\{\s*\}\s*$/.test(frame.toString('latin1')),
  decode: async (frame, receivedAtMs) => readJsonRequest(await requireUtf8(frame, 'The message'), { receivedAtMs }),
  encode: encodeWebSocketResponse,
};

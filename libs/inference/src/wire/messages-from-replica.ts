import { DomainError, isErrorCode, type Interval, type ModelInfo, type Tower } from '#core';
import type { Encoded } from '#clip';
import { Fields } from './fields.js';
import type { Frame } from './frames.js';

/** What a replica sends to the pool. */
export type FromReplica =
  /** The model is loaded and has run. */
  | {
      readonly type: 'ready';
      readonly info: ModelInfo;
      /** Milliseconds that an item of each tower takes here; left out, the first batches show it. */
      readonly itemMs?: Readonly<Record<Tower, number>>;
    }
  /** The model cannot be loaded; the replica exits after this. */
  | { readonly type: 'load_failed'; readonly error: DomainError }
  /** Room for one more batch. */
  | { readonly type: 'pull' }
  | BatchResult
  /** A forward run has passed. */
  | { readonly type: 'pong' };

/** What became of a batch: one outcome an item, in the batch's order, and what the batch cost in milliseconds. */
export interface BatchResult {
  readonly type: 'result';
  readonly id: number;
  /** What of its preparation no other run hid. */
  readonly prepareMs: number;
  readonly runMs: number;
  /** From its arrival to the end of its preparation, on the replica's clock. */
  readonly prepare: Interval;
  /** The run of the model, on the replica's clock. */
  readonly run: Interval;
  readonly outcomes: readonly Encoded[];
}

/**
 * Encodes a message as header and raw parts: vectors as they lie in memory, one after the other, and squares after all
 * of them, since a vector can only be read in place where numbers of four bytes may begin.
 */
export function encodeFromReplica(message: FromReplica): { header: object; parts: Uint8Array[] } {
  if (message.type === 'load_failed')
    return { header: { type: message.type, error: errorHeader(message.error) }, parts: [] };
  if (message.type !== 'result') return { header: message, parts: [] };
  const { type, id, prepareMs, runMs, prepare, run, outcomes } = message;
  const items = outcomes.map((outcome) =>
    outcome.ok
      ? { floats: outcome.embedding.length, tokens: outcome.tokens, squareBytes: outcome.square?.byteLength }
      : { error: errorHeader(outcome.error) },
  );
  const parts = [...outcomes.flatMap(vectorBytes), ...outcomes.flatMap(squareBytes)];
  return { header: { type, id, prepareMs, runMs, prepare, run, items }, parts };
}

/**
 * Parses a frame into the message. The vectors are views of the payload, the squares copies. Throws on anything
 * unexpected.
 */
export function parseFromReplica({ header, payload }: Frame): FromReplica {
  const fields = new Fields(header);
  const type = fields.string('type');
  switch (type) {
    case 'ready':
      return {
        type,
        info: parseInfo(fields.object('info')),
        ...(fields.has('itemMs') ? { itemMs: parseItemMs(fields.object('itemMs')) } : {}),
      };
    case 'load_failed':
      return { type, error: parseError(fields.object('error')) };
    case 'pull':
    case 'pong':
      return { type };
    case 'result':
      return {
        type,
        id: fields.count('id'),
        prepareMs: fields.number('prepareMs'),
        runMs: fields.number('runMs'),
        prepare: parseInterval(fields.object('prepare')),
        run: parseInterval(fields.object('run')),
        outcomes: parseOutcomes(fields.objects('items'), payload),
      };
    default:
      throw new Error(`message ${type} is not known`);
  }
}

function vectorBytes(outcome: Encoded): Uint8Array[] {
  if (!outcome.ok) return [];
  const { buffer, byteOffset, byteLength } = outcome.embedding;
  return [new Uint8Array(buffer, byteOffset, byteLength)];
}

function squareBytes(outcome: Encoded): Uint8Array[] {
  return outcome.ok && outcome.square ? [outcome.square] : [];
}

function parseOutcomes(items: readonly Fields[], payload: Buffer<ArrayBuffer>): Encoded[] {
  let offset = payload.byteOffset;
  const outcomes = items.map((item): Encoded => {
    if (item.has('error')) return { ok: false, error: parseError(item.object('error')) };
    const embedding = new Float32Array(payload.buffer, offset, item.count('floats'));
    offset += embedding.byteLength;
    return { ok: true, embedding, ...(item.has('tokens') ? { tokens: item.count('tokens') } : {}) };
  });
  return outcomes.map((outcome, at) => {
    const item = items[at];
    if (!outcome.ok || !item?.has('squareBytes')) return outcome;
    // A copy, since a few pixels that are kept would keep the whole message.
    const square = new Uint8Array(payload.buffer, offset, item.count('squareBytes')).slice();
    offset += square.byteLength;
    return { ...outcome, square };
  });
}

function parseInterval(fields: Fields): Interval {
  const [startMs, endMs] = [fields.number('startMs'), fields.number('endMs')];
  if (endMs < startMs) throw new Error('a time that ends before it begins');
  return { startMs, endMs };
}

function parseItemMs(fields: Fields): Record<Tower, number> {
  return { textual: fields.number('textual'), visual: fields.number('visual') };
}

function parseInfo(fields: Fields): ModelInfo {
  return {
    name: fields.string('name'),
    dimension: fields.count('dimension'),
    imageSize: fields.count('imageSize'),
    contextLength: fields.count('contextLength'),
    logitScale: fields.number('logitScale'),
    normalized: fields.boolean('normalized'),
  };
}

/** A DomainError as it crosses between processes; its cause stays behind. */
interface ErrorHeader {
  readonly code: string;
  readonly text: string;
  readonly internal?: string;
  readonly retryAfterMs?: number;
}

/** The part of an error that the other process needs. */
function errorHeader(error: DomainError): ErrorHeader {
  return {
    code: error.code,
    text: error.message,
    ...(error.internal === undefined ? {} : { internal: error.internal }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

/** Makes the error anew. Throws when the code is none of `ERROR_CODES`. */
function parseError(fields: Fields): DomainError {
  const code = fields.string('code');
  if (!isErrorCode(code)) throw new Error(`error code ${code} is not known`);
  return new DomainError(code, fields.string('text'), {
    ...(fields.has('internal') ? { internal: fields.string('internal') } : {}),
    ...(fields.has('retryAfterMs') ? { retryAfterMs: fields.number('retryAfterMs') } : {}),
  });
}

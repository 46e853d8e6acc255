import { type Clock, DomainError, type EncodeItem, isErrorCode, sleep, statusOf } from '#core';
import type { EncodeOutcome, VectorEncoder } from './vector-encoder.js';

/** A service that is running. */
export interface ServerOptions {
  /** Of its port, such as `http://clip:51000`. */
  readonly url: string;
  /** An access token with the scope `encode`. */
  readonly token?: string | undefined;
  /** Default: the service's own default model. */
  readonly model?: string | undefined;
  readonly clock: Clock;
}

/** Enough to fill the batches of a service with one replica while answers are on the way. */
const BATCHES_AT_ONCE = 4;
const BATCH_ITEMS = 32;
/** A service that restarts or is full is asked again for about five minutes: 0.5, 1, 2, 4 … 30 s apart. */
const TRIES_MAX = 15;
/** At the start it is asked for about 15 seconds, so that a wrong address is soon told. */
const FIRST_TRIES_MAX = 6;
const PAUSE_MS_MIN = 500;
const PAUSE_MS_MAX = 30_000;

/**
 * Encodes by `POST /v1/embeddings` of a service. A request that fails for one bad item is halved until that item is
 * found, since that answer has no place for errors of items. What is refused for now is tried again.
 *
 * @throws DomainError `unavailable` when the service cannot be reached; `unauthenticated`, `permission_denied`
 */
export async function openServerEncoder(options: ServerOptions): Promise<VectorEncoder> {
  const calls = new ServerCalls(options);
  const { model, vectors } = await calls.embed([{ kind: 'text', text: 'a' }], FIRST_TRIES_MAX);
  const dimension = vectors[0]?.length ?? 0;
  return new ServerEncoder(calls, model, dimension);
}

class ServerEncoder implements VectorEncoder {
  readonly batchesAtOnce = BATCHES_AT_ONCE;
  readonly batchItemsMax = BATCH_ITEMS;

  constructor(
    private readonly calls: ServerCalls,
    readonly model: string,
    readonly dimension: number,
  ) {}

  async encode(items: readonly EncodeItem[]): Promise<readonly EncodeOutcome[]> {
    try {
      const { vectors } = await this.calls.embed(items);
      return vectors.map((embedding) => ({ ok: true, embedding }));
    } catch (thrown) {
      const error = DomainError.from(thrown);
      if (!ITEM_CODES.has(error.code)) throw error;
      if (items.length === 1) return [{ ok: false, error }];
      const middle = Math.ceil(items.length / 2);
      return [...(await this.encode(items.slice(0, middle))), ...(await this.encode(items.slice(middle)))];
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Errors that one item of a request may be the cause of. */
const ITEM_CODES: ReadonlySet<string> = new Set([
  ...['invalid_argument', 'item_empty', 'item_poisonous', 'tensor_invalid', 'request_too_large'],
  ...['image_unreadable', 'image_too_large', 'image_format_refused', 'internal'],
]);

/** Calls of one service, with its token, tried again where that may help. */
class ServerCalls {
  private readonly address: string;

  constructor(private readonly options: ServerOptions) {
    this.address = `${options.url.replace(/\/+$/, '')}/v1/embeddings`;
  }

  async embed(items: readonly EncodeItem[], triesMax = TRIES_MAX): Promise<{ model: string; vectors: Float32Array[] }> {
    const { model } = this.options;
    const input = items.map(asInput);
    const body = JSON.stringify({ input, encoding_format: 'base64', ...(model === undefined ? {} : { model }) });
    for (let attempt = 1; ; attempt++) {
      try {
        return readAnswer(await this.post(body), items.length);
      } catch (thrown) {
        const error = DomainError.from(thrown);
        if (!statusOf(error.code).retryable || attempt >= triesMax) throw error;
        await sleep(
          this.options.clock,
          error.retryAfterMs ?? Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (attempt - 1)),
        );
      }
    }
  }

  private async post(body: string): Promise<unknown> {
    const { token } = this.options;
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(this.address, { method: 'POST', headers, body });
      answer = await response.json();
    } catch (cause) {
      throw new DomainError('unavailable', 'The service cannot be reached, or does not answer as one.', { cause });
    }
    if (response.ok) return answer;
    throw errorOf(response, answer);
  }
}

function asInput(item: EncodeItem): unknown {
  if (item.kind === 'text') return item.text;
  if (item.kind === 'image') return { image: Buffer.from(item.bytes).toString('base64') };
  throw new Error('a data set holds no raw pixels');
}

function errorOf({ status, headers }: Response, answer: unknown): DomainError {
  const error = fieldOf(answer, 'error');
  const [code, message] = [fieldOf(error, 'code'), fieldOf(error, 'message')];
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
  const text = typeof message === 'string' ? message : `The service answers with status ${status}.`;
  if (isErrorCode(code)) return new DomainError(code, text, wait);
  return new DomainError(status >= 500 || status === 429 ? 'unavailable' : 'not_found', text, wait);
}

function readAnswer(answer: unknown, count: number): { model: string; vectors: Float32Array[] } {
  const [model, data] = [fieldOf(answer, 'model'), fieldOf(answer, 'data')];
  const vectors = Array.isArray(data) ? data.map((entry) => vectorOf(fieldOf(entry, 'embedding'))) : [];
  if (typeof model === 'string' && vectors.length === count) return { model, vectors };
  throw new DomainError('not_found', 'What answers at this address is not this service.');
}

/** Little-endian float32 in base64, copied so that it lies on a multiple of four. */
function vectorOf(embedding: unknown): Float32Array {
  if (typeof embedding !== 'string') throw new DomainError('not_found', 'The service sent no vector in base64.');
  const bytes = Uint8Array.from(Buffer.from(embedding, 'base64'));
  return new Float32Array(bytes.buffer);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError, installationFolder, type EncodeItem, type ErrorCode } from '#core';
import type { Preprocessing } from '../../files/preprocessing.js';
import { DecodingBudget } from './decoding-budget.js';
import type { ImageLimits } from '../image-limits.js';

export type PictureItem = Exclude<EncodeItem, { kind: 'text' }>;

/** A message to the thread. */
export interface CostlyJob {
  readonly id: number;
  readonly item: PictureItem;
  readonly to: Preprocessing;
  readonly limits: ImageLimits;
}

/** The thread's answer. */
export type CostlyAnswer =
  | { readonly id: number; readonly square: Uint8Array }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly internal: string | undefined };
    };

/** libuv decodes four pictures at a time; half of that stays free for quick ones. */
const PLACES = 2;
/** Memory of all pictures that one replica decodes at once; a larger picture is decoded alone. */
const BYTES_AT_ONCE = 512 * 2 ** 20;

/**
 * Decodes and resizes costly pictures in a thread of their own, a few at a time within a bound of memory, so that
 * neither the event loop nor the decoding of other pictures waits for them. The thread starts with the first picture.
 *
 * @example
 * const costly = new CostlyPictures(preprocessing, limits);
 * const square = await costly.load(item, costOf(item).bytes);
 * await costly.close();
 */
export class CostlyPictures {
  private readonly budget = new DecodingBudget(PLACES, BYTES_AT_ONCE);
  private readonly open = new Map<number, (answer: CostlyAnswer | Error) => void>();
  private worker: Worker | undefined;
  private jobs = 0;

  constructor(
    private readonly to: Preprocessing,
    private readonly limits: ImageLimits,
  ) {}

  /**
   * Makes the square of a picture as `loadSquare` and `squareOfPixels` do, with their errors. `bytes` is its peak
   * memory.
   */
  load(item: PictureItem, bytes: number): Promise<Uint8Array> {
    return this.budget.within(bytes, async () => {
      const answer = await this.ask(item);
      if ('square' in answer) return answer.square;
      const { code, message, internal } = answer.error;
      throw new DomainError(code, message, internal === undefined ? {} : { internal });
    });
  }

  /** Ends the thread. Call it when no picture is being decoded. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private ask(item: PictureItem): Promise<CostlyAnswer> {
    return new Promise((resolve, reject) => {
      const id = (this.jobs += 1);
      this.open.set(id, (answer) => {
        this.open.delete(id);
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
      const own = copyOf(item);
      const { buffer } = own.kind === 'image' ? own.bytes : own.pixels.data;
      const job: CostlyJob = { id, item: own, to: this.to, limits: this.limits };
      this.thread().postMessage(job, buffer instanceof ArrayBuffer ? [buffer] : []);
    });
  }

  private thread(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(workerFile(), { execArgv: ['--enable-source-maps'] });
    worker.unref();
    worker.on('message', (answer: CostlyAnswer) => this.open.get(answer.id)?.(answer));
    worker.on('error', (error) => this.lost(worker, error));
    worker.on('exit', () => this.lost(worker, new Error('the thread for costly pictures has ended')));
    this.worker = worker;
    return worker;
  }

  /** Fails all open pictures; the next one gets a new thread. */
  private lost(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    for (const settle of [...this.open.values()]) settle(error);
  }
}

/** Copies the bytes: those of the item are part of a whole batch, which would be transferred with them. */
function copyOf(item: PictureItem): PictureItem {
  if (item.kind === 'image') return { kind: 'image', bytes: new Uint8Array(item.bytes) };
  return { kind: 'pixels', pixels: { ...item.pixels, data: new Uint8Array(item.pixels.data) } };
}

/** The built file, also when this runs from the sources (tests). */
function workerFile(): string {
  return join(installationFolder(), 'dist/libs/clip/src/image/cost/costly-worker.js');
}

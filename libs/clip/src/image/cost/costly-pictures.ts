import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError, installationFolder, type EncodeItem, type ErrorCode } from '#core';
import type { Preprocessing } from '../../files/preprocessing.js';
import { DecodingRoom } from './decoding-room.js';
import type { ImageLimits } from '../image-limits.js';

export type PictureItem = Exclude<EncodeItem, { kind: 'text' }>;

/** What the thread is asked for. */
export interface CostlyJob {
  readonly id: number;
  readonly item: PictureItem;
  readonly to: Preprocessing;
  readonly limits: ImageLimits;
}

/** And what it answers. */
export type CostlyAnswer =
  | { readonly id: number; readonly square: Uint8Array }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly internal: string | undefined };
    };

/** libuv decodes four pictures at a time; half of that stays free for those that are quick. */
const PLACES = 2;
/** Memory that pictures of one replica take at once; a larger one is decoded alone. */
const BYTES_AT_ONCE = 512 * 2 ** 20;

/**
 * Decodes and resizes pictures that take long in a thread of their own, a few at a time within a bound of memory, so
 * that neither the event loop nor the decoding of others stands still. The thread starts with the first of them.
 */
export class CostlyPictures {
  private readonly room = new DecodingRoom(PLACES, BYTES_AT_ONCE);
  private readonly open = new Map<number, (answer: CostlyAnswer | Error) => void>();
  private worker: Worker | undefined;
  private jobs = 0;

  constructor(
    private readonly to: Preprocessing,
    private readonly limits: ImageLimits,
  ) {}

  /**
   * The square of a picture, as `loadSquare` and `squareOfPixels` make it, with their errors. `bytes`: what it takes at
   * its peak.
   */
  load(item: PictureItem, bytes: number): Promise<Uint8Array> {
    return this.room.within(bytes, async () => {
      const answer = await this.ask(item);
      if ('square' in answer) return answer.square;
      const { code, message, internal } = answer.error;
      throw new DomainError(code, message, internal === undefined ? {} : { internal });
    });
  }

  /** Ends the thread. Nothing may be under way. */
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

  /** The next picture gets a new thread. */
  private lost(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    for (const settle of [...this.open.values()]) settle(error);
  }
}

/** Bytes of its own: those that came are part of a whole batch, and all of that would be copied along. */
function copyOf(item: PictureItem): PictureItem {
  if (item.kind === 'image') return { kind: 'image', bytes: new Uint8Array(item.bytes) };
  return { kind: 'pixels', pixels: { ...item.pixels, data: new Uint8Array(item.pixels.data) } };
}

/** The built file, also when this runs from the sources (tests). */
function workerFile(): string {
  return join(installationFolder(), 'dist/libs/clip/src/image/cost/costly-worker.js');
}

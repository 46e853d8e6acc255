import type { ErrorCode } from './domain-error.js';
import { randomId } from './random-id.js';
import { type InputItem, RequestInputs } from './request-inputs.js';

/** The identity of a span among all traces, as W3C Trace Context passes it on. */
export interface SpanContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace is recorded whatever becomes of the request. */
  readonly sampled: boolean;
}

/** The span of the caller that a request came from, and what it asks to pass on. */
export interface RemoteParent extends SpanContext {
  /** W3C `tracestate`, as it came. */
  readonly traceState?: string;
  /** W3C `baggage`, as it came. */
  readonly baggage?: string;
}

/**
 * What is known of a span, by the names of OpenTelemetry's semantic conventions, and `clip.*` for our own. Never a
 * token, a text, bytes of a picture, or an address with its path and query.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A part of a request's work that has ended. Times are those of the injected Clock's `now`. */
export interface SpanPart {
  /** A bounded word: `authenticate`, `fetch`, `queue`, … */
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `client`: it waited for another server. Default: `internal`. */
  readonly kind?: 'internal' | 'client';
  /** Its id, where something had to know it before; a new one by default. */
  readonly spanId?: string;
  readonly attributes?: SpanAttributes;
  /** How it failed; left out when it did not. */
  readonly error?: ErrorCode;
}

/** Most parts of one request that are kept, the longest of them; and most rides, the first. Others are only counted. */
const PARTS_MAX = 128;

/**
 * What one request does, written down while it is done. It costs little: ids and spans are made of it only when the
 * request has ended and is worth keeping.
 *
 * @example
 * const startMs = clock.now();
 * const bytes = await download(url);
 * context.trace?.add({ name: 'fetch', kind: 'client', startMs, endMs: clock.now() });
 */
export class RequestTrace {
  readonly parts: SpanPart[] = [];
  /** The batches that items of it rode in, an entry an attempt. */
  readonly rides: Ride[] = [];
  /** Parts and rides that were not kept, since there were too many. */
  dropped = 0;
  /** What it sent to be encoded, where its token has that stored; see `RequestInputs`. */
  inputs: RequestInputs | undefined;
  private isOver = false;

  /** Whether anybody can find the trace: answers name it only then. */
  readonly isTraced: boolean;

  constructor(
    /** Undefined where nothing is traced: ids are then made for the lines of the log that ask for them. */
    private ids: SpanContext | undefined,
    /** The span of the caller that the request came from; undefined when it named none. */
    public parent: RemoteParent | undefined,
    readonly requestId: string,
  ) {
    this.isTraced = ids !== undefined;
  }

  /** The identity of the request's own span. */
  get context(): SpanContext {
    return (this.ids ??= { traceId: randomId(16), spanId: randomId(8), sampled: false });
  }

  get parentSpanId(): string | undefined {
    return this.parent?.spanId;
  }

  /** Makes the request a part of the trace of `parent`, which was found only when its message had been read. */
  continueFrom(parent: RemoteParent, sampled: boolean): void {
    this.ids = { traceId: parent.traceId, spanId: this.context.spanId, sampled };
    this.parent = parent;
  }

  /** Takes in a part that has ended; does nothing when the request has ended before. */
  add(part: SpanPart): void {
    if (this.isOver) return;
    if (this.parts.length < PARTS_MAX) {
      this.parts.push(part);
      return;
    }
    this.dropped += 1;
    const shortest = this.parts.reduce(
      (least, other, n) => (durationOf(other) < durationOf(this.parts[least]) ? n : least),
      0,
    );
    if (durationOf(this.parts[shortest]) < durationOf(part)) this.parts[shortest] = part;
  }

  /** Takes in what is asked for, to be stored when the request is kept; does nothing when it has ended before. */
  addInputs(items: readonly (InputItem | { readonly kind: 'pixels' })[]): void {
    if (this.isOver) return;
    this.inputs ??= new RequestInputs();
    this.inputs.add(items);
  }

  /** Takes in that items of the request were in a batch; does nothing when the request has ended before. */
  addRide(ride: Ride): void {
    if (this.isOver) return;
    if (this.rides.length < PARTS_MAX) this.rides.push(ride);
    else this.dropped += 1;
  }

  /**
   * Lets go of what was written down, when the request has ended: a batch must not keep its riders' other batches
   * alive, and theirs in turn. What comes later, of work that nobody waits for any more, is not taken in.
   */
  clear(): void {
    this.isOver = true;
    this.parts.length = 0;
    this.rides.length = 0;
    this.inputs = undefined;
  }
}

function durationOf(part: Interval | undefined): number {
  return part ? part.endMs - part.startMs : 0;
}

/** The share of one request in one attempt at a batch. */
export class Ride {
  private id: string | undefined;

  constructor(
    readonly batch: BatchTrace,
    readonly trace: RequestTrace,
    /** How many items of the batch are the request's. */
    readonly items: number,
    /** When the first of them began to wait in the queue. */
    readonly enqueuedAtMs: number,
    /** How many replicas could have taken them then; 0 while a model starts. */
    readonly replicasReady: number,
  ) {}

  /** The id of the rider's `run` span, made when it is asked for. */
  get spanId(): string {
    return (this.id ??= randomId(8));
  }
}

/** A span of time, on the Clock of the pool. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Why a batch was sent when it was. */
export type BatchReason = 'full' | 'idle_replica' | 'waited' | 'retry' | 'costly';

/** What is known of one attempt at a batch when it has ended. */
export interface BatchFacts {
  readonly model: string;
  readonly replica: string;
  readonly device: string;
  readonly tower: 'visual' | 'textual';
  readonly items: number;
  /** The most items that it could have had when it left. */
  readonly itemsMax: number;
  /** Of the texts or pictures, as they were sent to the replica. */
  readonly bytes: number;
  /** The longest text, in tokens; left out for pictures. */
  readonly tokensMax?: number;
  /** 1, and one more after each replica that died with it. */
  readonly attempt: number;
  readonly reason: BatchReason;
  /** From leaving the queue to the answer. */
  readonly whole: Interval;
  /** Decoding or tokenizing in the replica, and the run of the model; left out for an attempt that failed. */
  readonly prepare?: Interval;
  readonly run?: Interval;
  /** `replica_lost` when the replica died with it. */
  readonly error?: ErrorCode;
}

/** One attempt at a batch: a trace of its own, which links all requests that rode in it. */
export class BatchTrace {
  readonly riders: Ride[] = [];
  /** Whether it has been recorded: the first of its riders that is kept does that. */
  isRecorded = false;
  /** Whether it has been exported: the first of its riders that is exported does that. */
  isExported = false;
  private ids: SpanContext | undefined;

  constructor(readonly facts: BatchFacts) {}

  /** Its identity, made when it is asked for. The trace id is what `/api/batches/{id}` finds it by. */
  get context(): SpanContext {
    return (this.ids ??= { traceId: randomId(16), spanId: randomId(8), sampled: true });
  }
}

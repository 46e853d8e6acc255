import type { IncomingMessage } from 'node:http';
import type { Clock, DomainError, EndedRequest, ReadField, RequestTrace, RequestTracer, SpanDescription } from '#core';
import { type ProtocolName, unauthenticated } from './caller.js';

/** What requests are traced with; undefined where nothing is traced. */
export interface Tracing {
  readonly tracer: RequestTracer;
  readonly clock: Clock;
}

/** What is found out of a request while it runs. */
export interface FoundOut {
  readonly operation: string;
  /** The model that is served, not what the caller called it. */
  readonly servedModel: string | undefined;
  readonly items: number;
  readonly caller: { readonly principal: { readonly id: string } };
}

/** Answers name their span by this header, or metadata key (W3C Trace Context Level 2, "traceresponse"). */
export const TRACE_RESPONSE_HEADER = 'traceresponse';

/** From how many milliseconds on reading a request and sending its answer are parts of their own. */
const LONG_PART_MS = 1;

/**
 * One request from the moment its head was read, whatever becomes of it. It gathers what its trace tells in the end.
 * Each protocol has its own, which knows how the request is described.
 */
export abstract class Arrival implements EndedRequest {
  operation = 'unknown';
  model: string | undefined;
  items = 0;
  outcome = '';
  principalId = unauthenticated.id;
  startMs: number;
  endMs = 0;
  private settledMs: number | undefined;
  private isEnded = false;
  private isWorkedOn = false;
  private isLeft = false;

  protected constructor(
    readonly protocol: ProtocolName,
    protected readonly tracing: Tracing,
    readonly trace: RequestTrace,
  ) {
    this.startMs = tracing.clock.now();
  }

  abstract describe(): SpanDescription;

  /** Notes that work on it has begun: `settle` follows, however that ends. */
  workBegins(): void {
    this.isWorkedOn = true;
  }

  /** Notes what the request asked for and how it ended. */
  settle({ operation, servedModel, items, caller }: FoundOut, outcome: string): void {
    this.operation = operation;
    this.model = servedModel;
    this.items = items;
    this.principalId = caller.principal.id;
    this.outcome = outcome;
    this.settledMs = this.now();
    this.isWorkedOn = false;
    if (this.isLeft) this.end();
  }

  /** Notes that the request was refused before anything was asked for, unless it is known already how it ended. */
  refuse({ code }: Pick<DomainError, 'code'>): void {
    if (this.outcome === '') this.outcome = code;
  }

  /** Adds a part of the work that began at `startMs` of the clock and ends now. */
  addPart(name: string, startMs: number): void {
    this.trace.add({ name, startMs, endMs: this.tracing.clock.now() });
  }

  /** Adds a part that is worth a span only where it takes a while. */
  addLongPart(name: string, startMs: number): void {
    const endMs = this.now();
    if (endMs - startMs >= LONG_PART_MS) this.trace.add({ name, startMs, endMs });
  }

  now(): number {
    return this.tracing.clock.now();
  }

  /** Continues the trace that the request's own message names, where it names one. */
  adopt<Source>(source: Source, read: ReadField<Source>): void {
    this.tracing.tracer.adopt(this.trace, source, read);
  }

  /**
   * Nobody waits for the request's answer any more, which may be sent: it ends, once the work on it has noticed. Before
   * that it is not known what it was about, and what it was waiting for.
   */
  leave(): void {
    if (this.isWorkedOn) this.isLeft = true;
    else this.end();
  }

  /** The request is over: its answer is sent, or nobody waits for it any more. Further calls do nothing. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.refuse({ code: 'cancelled' });
    if (this.settledMs !== undefined) this.addLongPart('send', this.settledMs);
    this.endMs = this.now();
    this.tracing.tracer.end(this);
  }
}

/**
 * What answers say of their request's span: `00-<trace id>-<span id>-<flags>`. Whoever sends nothing else can find the
 * trace by it. Undefined where nothing is traced.
 */
export function traceResponse({ isTraced, context }: RequestTrace): string | undefined {
  if (!isTraced) return undefined;
  const { traceId, spanId, sampled } = context;
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Reads a header of an HTTP message or an upgrade; nothing of one that came several times as a list. */
export const readHeader: ReadField<IncomingMessage> = ({ headers }, name) => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** Longest name of a client's software that is noted. */
const USER_AGENT_LENGTH_MAX = 256;

/** The client's software as spans name it; nothing where it tells none. */
export function userAgentAttribute(userAgent: string | undefined): Record<string, string> {
  return userAgent === undefined ? {} : { 'user_agent.original': userAgent.slice(0, USER_AGENT_LENGTH_MAX) };
}

/** A first message that comes later than this after its connection, in milliseconds, begins by itself. */
const FIRST_MESSAGE_MS_MAX = 1_000;

/** The requests of a stream or connection, one after the other. What its head took belongs to the first of them. */
export abstract class StreamArrival extends Arrival {
  private isTaken = false;
  /** What the head named. The first message may name another, for itself. */
  private readonly parent = this.trace.parent;

  /** The request that came with the next message: for the first this one itself. */
  next(requestId: string): Arrival {
    const { tracing, trace } = this;
    if (this.isTaken) return this.another(tracing.tracer.beginNext(this.parent, requestId));
    this.isTaken = true;
    const nowMs = this.now();
    if (nowMs - this.startMs > FIRST_MESSAGE_MS_MAX) {
      this.startMs = nowMs;
      trace.parts.length = 0;
    }
    return this;
  }

  protected abstract another(trace: RequestTrace): Arrival;
}

/** The parts of a context that a traced request has. */
export function traced(arrival: Arrival | undefined): { arrival?: Arrival; trace?: RequestTrace } {
  return arrival ? { arrival, trace: arrival.trace } : {};
}

const arrivals = new WeakMap<object, Arrival>();

/** Notes the arrival of `request`: an HTTP message, an upgrade or the metadata of a gRPC call. */
export function rememberArrival(request: object, arrival: Arrival): void {
  arrivals.set(request, arrival);
}

/** Returns the arrival that `rememberArrival` noted; undefined where the request is not traced. */
export function arrivalOf(request: object): Arrival | undefined {
  return arrivals.get(request);
}

import {
  type Clock,
  type EndedRequest,
  randomId,
  RateBudget,
  type ReadField,
  type RemoteParent,
  type RequestTracer,
  RequestTrace,
  UNAUTHENTICATED_ID,
} from '#core';
import type { HeadSampler } from './head-sampler.js';
import type { ParentReader } from './parent-reader.js';
import type { Kept, TraceSink } from './records.js';
import { SlowRequests } from './slow-requests.js';
import { type RecordOptions, toBatchRecord, toTraceRecord } from './span-records.js';

/** Most requests a second that are kept for no other reason, so that an idle service shows what it did. */
const QUIET_PER_SECOND = 5;
/** Most requests a second of callers without a token that are kept: they must not push out what others did. */
const STRANGERS_PER_SECOND = 20;

/**
 * Most sampled requests a second that this process stores, and most of all others together. Where every request is
 * sampled they are for the collector; the few thousand that the memory holds would else be those of one second.
 */
const STORED_PER_SECOND = 200;

/** What a Tracer works with. */
export interface TracerParts extends RecordOptions {
  readonly clock: Clock;
  readonly sampler: HeadSampler;
  /** Finds the caller's span among the fields of a request. */
  readonly parentReader: ParentReader;
  /** Get everything that is kept. */
  readonly sinks: readonly TraceSink[];
  /** Gets what is kept but for `quiet`: the exporter; undefined where nothing is exported. */
  readonly exported?: TraceSink | undefined;
  /** Gets each ended request by what became of its trace, `no` for one that was not kept. */
  onEnded(kept: Kept | 'no'): void;
  /** So many kept requests are not stored, since there were too many within a second. */
  onDropped(where: 'memory', requests: number): void;
  /** A sink failed, which it must not. */
  onFailure(err: unknown): void;
}

/**
 * Traces requests. Nothing but notes is made while a request runs; when it has ended it is decided whether it is kept:
 * what the caller's flag or the ratio asked for, every failure, the slowest 1 % of each operation, and a few a second;
 * of callers without a token where one is needed, a few a second in all.
 * Only then spans are made of the notes and given to the sinks.
 *
 * @example
 * const trace = tracer.begin(requestId, req, (req, name) => req.headers[name]);
 * await withTrace(trace, () => handle(req));
 * tracer.end({ trace, startMs, endMs: clock.now(), …facts });
 */
export class Tracer implements RequestTracer {
  private readonly slow = new SlowRequests();
  private readonly quiet = new RateBudget(QUIET_PER_SECOND);
  private readonly strangers = new RateBudget(STRANGERS_PER_SECOND);
  private readonly storedSampled = new RateBudget(STORED_PER_SECOND);
  private readonly storedOthers = new RateBudget(STORED_PER_SECOND);

  constructor(private readonly parts: TracerParts) {}

  begin<Source>(requestId: string, source: Source, read: ReadField<Source>): RequestTrace {
    return this.newTrace(this.parts.parentReader(source, read), requestId);
  }

  beginNext(parent: RemoteParent | undefined, requestId: string): RequestTrace {
    return this.newTrace(parent, requestId);
  }

  adopt<Source>(trace: RequestTrace, source: Source, read: ReadField<Source>): void {
    const parent = this.parts.parentReader(source, read);
    if (parent) trace.continueFrom(parent, this.parts.sampler(parent.traceId, parent));
  }

  end(request: EndedRequest): void {
    if (!request.trace.isTraced) return request.trace.clear();
    const kept = this.reasonToKeep(request);
    this.parts.onEnded(kept ?? 'no');
    try {
      if (kept) this.record(request, kept);
    } catch (err) {
      this.parts.onFailure(err);
    } finally {
      request.trace.clear();
    }
  }

  private newTrace(parent: RequestTrace['parent'], requestId: string): RequestTrace {
    const traceId = parent?.traceId ?? randomId(16);
    const sampled = this.parts.sampler(traceId, parent);
    return new RequestTrace({ traceId, spanId: randomId(8), sampled }, parent, requestId);
  }

  private reasonToKeep(request: EndedRequest): Kept | undefined {
    const { endMs, principalId } = request;
    const reason = this.ownReason(request) ?? (this.quiet.take(endMs) ? 'quiet' : undefined);
    if (principalId !== UNAUTHENTICATED_ID || reason === undefined) return reason;
    return this.strangers.take(endMs) ? reason : undefined;
  }

  private ownReason({ trace, protocol, operation, outcome, startMs, endMs }: EndedRequest): Kept | undefined {
    // The estimate needs every request, also those that are kept for another reason.
    const isSlow = this.slow.isSlow(`${protocol} ${operation}`, endMs - startMs);
    if (trace.context.sampled) return 'sampled';
    if (outcome !== 'ok') return 'failed';
    return isSlow ? 'slow' : undefined;
  }

  private sinksFor({ endMs }: EndedRequest, kept: Kept): readonly TraceSink[] {
    const { sinks } = this.parts;
    if (sinks.length === 0 || (kept === 'sampled' ? this.storedSampled : this.storedOthers).take(endMs)) return sinks;
    this.parts.onDropped('memory', 1);
    return [];
  }

  private record(request: EndedRequest, kept: Kept): void {
    const { clock, exported } = this.parts;
    const sinks = this.sinksFor(request, kept);
    const target = kept === 'quiet' ? undefined : exported;
    if (sinks.length === 0 && !target) return;
    const offsetMs = clock.wallMs() - clock.now();
    const trace = toTraceRecord(request, kept, offsetMs, this.parts);
    for (const sink of sinks) sink.onTrace(trace);
    const inputs = request.trace.inputs?.items ?? [];
    if (inputs.length > 0) for (const sink of sinks) sink.onInputs?.(trace, inputs);
    target?.onTrace(trace);
    for (const { batch } of request.trace.rides) {
      const isNew = !batch.isRecorded && sinks.length > 0;
      const isForExport = target !== undefined && !batch.isExported;
      if (!isNew && !isForExport) continue;
      const record = toBatchRecord(batch, offsetMs, this.parts);
      if (isNew) {
        batch.isRecorded = true;
        for (const sink of sinks) sink.onBatch(record);
      }
      if (isForExport) {
        batch.isExported = true;
        target.onBatch(record);
      }
    }
  }
}

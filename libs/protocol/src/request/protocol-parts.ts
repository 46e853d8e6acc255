import type { Clock, RequestTracer } from '#core';
import type { DocumentService, EncodeService, ExplainService, ModelRegistry, RankService } from '#serving';
import { ByteBudget } from '../budget/index.js';
import type { GuardPort } from './access.js';
import type { Activity } from './activity.js';
import { FirstByteTimer, type OnFirstByte } from './first-byte.js';
import type { Tracing } from './arrival.js';
import type { RequestAuthorizer } from './authorizer.js';
import type { RequestOutcome } from './measure.js';
import { RequestPipeline } from './pipeline.js';
import type { ServiceState } from './server-info.js';

/** Bounds that every protocol holds alike. A class, so that it is its own injection token. */
export abstract class ProtocolLimits {
  /** Largest message or body, after decompression. */
  abstract readonly requestBytesMax: number;
  /**
   * Most bytes of all requests that are under way, on every protocol: from their first byte until they are answered.
   */
  abstract readonly inFlightBytesMax: number;
  /** Most documents or items of one request. */
  abstract readonly requestItemsMax: number;
  /** Most requests of one stream or WebSocket that are worked on at a time; further ones are not read. */
  abstract readonly streamInFlightMax: number;
}

/** Nest's token of the models that are served now, a ModelRegistry. */
export const MODELS = Symbol('ModelRegistry');

/** Nest's token of the Clock. */
export const CLOCK = Symbol('Clock');

/** What the inference API is made of. */
export interface ProtocolOptions {
  readonly documents: DocumentService;
  readonly encode: EncodeService;
  readonly rank: RankService;
  readonly explain: ExplainService;
  readonly registry: ModelRegistry;
  /** Says who calls, before anything of a request is read. */
  readonly guard: GuardPort;
  /** Says whether the caller of a request may do it. */
  readonly authorizer: RequestAuthorizer;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly limits: ProtocolLimits;
  readonly state: ServiceState;
  /** Traces requests; left out where nothing is traced. */
  readonly tracer?: RequestTracer;
  /** Gets each request once, when it has ended. */
  onRequest(outcome: RequestOutcome): void;
  /** Left out where nobody wants to know. */
  readonly onFirstByte?: OnFirstByte;
}

/** The same with what the API makes of it for itself. */
export interface ProtocolParts extends ProtocolOptions {
  /** The way of every request. */
  readonly pipeline: RequestPipeline;
  readonly firstBytes: FirstByteTimer;
  /** What requests are traced with; undefined where nothing is traced. */
  readonly tracing: Tracing | undefined;
  /** Counts the bytes of all requests that are under way. */
  readonly budget: ByteBudget;
}

/**
 * Adds the pipeline and the budget of bytes.
 *
 * @example
 * const services = { documents, encode, rank, explain, registry };
 * const parts = protocolParts({ ...services, guard, authorizer, clock, activity, limits, state, onRequest });
 * const server = await createInferenceServer({ parts, reflection: true, graceMs: 30_000, logger });
 */
export function protocolParts(options: ProtocolOptions): ProtocolParts {
  const { clock, limits, tracer } = options;
  const { inFlightBytesMax: bytesMax, requestBytesMax: messageBytesMax, requestItemsMax: itemsMax } = limits;
  return {
    ...options,
    tracing: tracer && { tracer, clock },
    firstBytes: new FirstByteTimer(clock, options.onFirstByte),
    pipeline: new RequestPipeline({ ...options, itemsMax }),
    budget: new ByteBudget({ bytesMax, messageBytesMax, clock }),
  };
}

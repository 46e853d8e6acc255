import type { Clock } from '#core';
import type { GuardPort } from './access-ports.js';
import { ByteBudget } from '../budget/index.js';
import type { Gate } from './gate.js';
import type { Activity } from './activity.js';
import type { ProtocolName } from './protocol-name.js';
import type { DocumentService, EncodePort, ModelRegistry, RankService } from '#serving';

/** Bounds that every protocol holds alike. */
export interface ProtocolLimits {
  /** Largest message or body, after decompression. */
  requestBytesMax: number;
  /** Most bytes of all requests that are under way, on every protocol: from their first byte until they are answered. */
  inFlightBytesMax: number;
  /** Most documents or items of one request. */
  requestItemsMax: number;
  /** Most requests of one stream or WebSocket that are worked on at a time; further ones are not read. */
  streamInFlightMax: number;
}

/** One finished request, as telemetry counts it. */
export interface RequestOutcome {
  protocol: ProtocolName;
  /** A bounded word: `encode`, `rank`, `embeddings`, … */
  operation: string;
  /** `ok` or an error code. */
  outcome: string;
  items: number;
  durationMs: number;
}

/**
 * What the controllers adapt to. A class, so that it is its own injection token; the app makes the one instance.
 */
export class ProtocolServices {
  readonly documents: DocumentService;
  readonly encode: EncodePort;
  readonly rank: RankService;
  readonly registry: ModelRegistry;
  /** Says who calls, before anything of a request is read. */
  readonly guard: GuardPort;
  /** Says whether a request that computes may. */
  readonly gate: Gate;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly limits: ProtocolLimits;
  /** Counts the bytes of all requests that are under way. */
  readonly budget: ByteBudget;
  /** Whether the default model can answer now. */
  readonly isReady: () => boolean;
  readonly onRequest: (outcome: RequestOutcome) => void;
  readonly version: string;

  constructor(parts: Omit<ProtocolServices, 'budget'>) {
    this.documents = parts.documents;
    this.encode = parts.encode;
    this.rank = parts.rank;
    this.registry = parts.registry;
    this.guard = parts.guard;
    this.gate = parts.gate;
    this.clock = parts.clock;
    this.activity = parts.activity;
    this.limits = parts.limits;
    const { inFlightBytesMax: bytesMax, requestBytesMax: messageBytesMax } = parts.limits;
    this.budget = new ByteBudget({ bytesMax, messageBytesMax, clock: parts.clock });
    this.isReady = parts.isReady;
    this.onRequest = parts.onRequest;
    this.version = parts.version;
  }
}

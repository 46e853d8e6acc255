import type { Clock } from '#core';
import type { GuardPort } from './access/access-ports.js';
import type { Gate } from './access/gate.js';
import type { Activity } from './activity.js';
import type { ProtocolName } from './protocol-name.js';
import type { DocumentService, EncodePort, ModelRegistry, RankService } from '#serving';

/** Bounds that every protocol holds alike. */
export interface ProtocolLimits {
  /** Largest message or body, after decompression. */
  requestBytesMax: number;
  /** Most bytes of HTTP bodies that are being read at a time, over all connections. */
  queueBytesMax: number;
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
  /** Whether the default model can answer now. */
  readonly isReady: () => boolean;
  readonly onRequest: (outcome: RequestOutcome) => void;
  readonly version: string;

  constructor(parts: ProtocolServices) {
    this.documents = parts.documents;
    this.encode = parts.encode;
    this.rank = parts.rank;
    this.registry = parts.registry;
    this.guard = parts.guard;
    this.gate = parts.gate;
    this.clock = parts.clock;
    this.activity = parts.activity;
    this.limits = parts.limits;
    this.isReady = parts.isReady;
    this.onRequest = parts.onRequest;
    this.version = parts.version;
  }
}

import {
  authenticatedAnonymous,
  DomainError,
  ManualClock,
  type EncodeItem,
  type ItemResult,
  type ModelInfo,
} from '#core';
import {
  DocumentService,
  type EncodePool,
  EncodeService,
  ExplainService,
  ImageFetcher,
  type ModelRegistry,
  RankService,
} from '#serving';
import type { AccessPorts } from '../request/access.js';
import { Activity } from '../request/activity.js';
import { RequestAuthorizer } from '../request/authorizer.js';
import type { RequestOutcome } from '../request/measure.js';
import { type ProtocolLimits, protocolParts, type ProtocolParts } from '../request/protocol-parts.js';
import { recheckSample } from './authenticated-as.js';

/** For specs: the use cases over a model in memory whose vector of every item is (3, 4). */
export interface SampleServices {
  services: ProtocolParts;
  clock: ManualClock;
  /** What was reported as finished, in order. */
  outcomes: RequestOutcome[];
  model: SampleModel;
}

/** See SampleServices. */
export function buildServices(limits: Partial<ProtocolLimits> = {}, access: Partial<AccessPorts> = {}): SampleServices {
  const clock = new ManualClock();
  const outcomes: RequestOutcome[] = [];
  const model = new SampleModel();
  const fetcher = new ImageFetcher({ allowPrivate: false, bytesMax: 1_000, timeoutMs: 1_000, concurrencyMax: 1 });
  const encode = new EncodeService({ registry: model, fetcher });
  const services = protocolParts({
    documents: new DocumentService({ encode, clock }),
    encode,
    rank: new RankService({ encoder: encode }),
    explain: new ExplainService({ registry: model, fetcher }),
    registry: model,
    guard: {
      required: false,
      authenticate: () => Promise.resolve(authenticatedAnonymous),
      missing,
      onRefused: () => undefined,
      onDenied: () => undefined,
    },
    authorizer: new RequestAuthorizer({ ...OPEN_ACCESS, ...access, registry: model, missing }),
    clock,
    activity: new Activity(clock),
    limits: {
      requestBytesMax: 100_000,
      inFlightBytesMax: 1_000_000,
      requestItemsMax: 100,
      streamInFlightMax: 4,
      ...limits,
    },
    onRequest: (outcome) => outcomes.push(outcome),
    state: { version: '1.2.3', isReady: () => model.isReady },
  });
  return { services, clock, outcomes, model };
}

/** Lets everybody do everything and notes nothing. */
export const OPEN_ACCESS: AccessPorts = {
  recheck: recheckSample,
  admit: () => ({ states: [], finish: () => undefined, undo: () => undefined }),
  noteUse: () => undefined,
  recordUsage: () => undefined,
};

function missing(): DomainError {
  return new DomainError('unauthenticated', 'This needs an access token.');
}

/**
 * A registry of one model; each of `refusals` is thrown at one submission, first to last. `turnsOf` gives how many
 * turns of the event loop a submission takes, counted from 0.
 */
export class SampleModel implements ModelRegistry {
  readonly info: ModelInfo = {
    name: 'ViT-B-32::openai',
    dimension: 2,
    imageSize: 8,
    contextLength: 8,
    logitScale: 100,
    normalized: false,
  };
  isReady = true;
  refusals: DomainError[] = [];
  turnsOf: (submission: number) => number = () => 0;
  /** What a submission waits for. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  private submissions = 0;

  pool(name: string = this.info.name): ReturnType<ModelRegistry['pool']> {
    if (name !== this.info.name) throw new DomainError('model_unknown', `The model ${name} is not served here.`);
    return { info: this.info };
  }

  async lease<T>(name: string | undefined, use: (pool: EncodePool) => Promise<T>): Promise<T> {
    const { info } = this.pool(name);
    return use({ info, submit: (items) => this.submit(items) });
  }

  list(): ModelInfo[] {
    return [this.info];
  }

  private async submit(items: readonly EncodeItem[]): Promise<ItemResult[]> {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    await this.beforeAnswer();
    const turns = this.turnsOf(this.submissions++);
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    const timing = { queueMs: 1, prepareMs: 2, runMs: 3, batchSize: items.length, replica: 'sample-0' };
    return items.map((item) => ({
      ...{ ok: true, embedding: Float32Array.of(3, 4), timing },
      ...(item.kind === 'image' && item.wantsSquare && { square: new Uint8Array(3 * this.info.imageSize ** 2) }),
    }));
  }
}

import {
  anonymous,
  DomainError,
  type EncodeItem,
  type ItemResult,
  type ModelInfo,
  type Priority,
  type RequestContext,
  type Timing,
} from '#core';
import type { EncodePool, ModelRegistry } from '#inference';

/** For specs: a model of two dimensions. */
export function buildModel(changes: Partial<ModelInfo> = {}): ModelInfo {
  const name = 'sample';
  return { name, dimension: 2, imageSize: 8, contextLength: 8, logitScale: 100, normalized: true, ...changes };
}

export function buildTiming(changes: Partial<Timing> = {}): Timing {
  return { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 1, replica: 'sample-0', ...changes };
}

export function buildContext(signal: AbortSignal = new AbortController().signal): RequestContext {
  return { requestId: 'request-1', principal: { ...anonymous, id: 'someone' }, signal };
}

/**
 * For specs: a registry of one model, in memory, that keeps the contract of EncodePool and remembers each submission. A
 * text or image is the angle of its vector in degrees; what is no number fails as `image_unreadable`.
 */
export class SamplePool implements EncodePool, ModelRegistry {
  readonly submissions: string[][] = [];
  /** How each of them was to stand in the queue. */
  readonly priorities: (Priority | undefined)[] = [];
  /** When set, each submission is refused with it. */
  refusal: DomainError | undefined;
  /** How many requests have the pool now. */
  leases = 0;

  constructor(
    readonly info: ModelInfo = buildModel(),
    private readonly timingOf: (content: string) => Timing = () => buildTiming(),
  ) {}

  pool(name: string = this.info.name): EncodePool {
    if (name !== this.info.name) throw new DomainError('model_unknown', `There is no model ${name}.`);
    return this;
  }

  list(): ModelInfo[] {
    return [this.info];
  }

  async lease<T>(name: string | undefined, use: (pool: EncodePool) => Promise<T>): Promise<T> {
    const pool = this.pool(name);
    this.leases += 1;
    try {
      return await use(pool);
    } finally {
      this.leases -= 1;
    }
  }

  async submit(items: readonly EncodeItem[], { priority }: RequestContext): Promise<ItemResult[]> {
    const contents = items.map(contentOf);
    this.submissions.push(contents);
    this.priorities.push(priority);
    if (this.refusal) throw this.refusal;
    return contents.map((content) => this.encode(content));
  }

  private encode(content: string): ItemResult {
    const angle = (Number(content) / 180) * Math.PI;
    if (Number.isNaN(angle)) return { ok: false, error: new DomainError('image_unreadable', 'No image.') };
    const embedding = Float32Array.of(Math.cos(angle), Math.sin(angle));
    return { ok: true, embedding, timing: this.timingOf(content) };
  }
}

function contentOf(item: EncodeItem): string {
  if (item.kind === 'text') return item.text;
  return Buffer.from(item.kind === 'image' ? item.bytes : item.pixels.data).toString();
}

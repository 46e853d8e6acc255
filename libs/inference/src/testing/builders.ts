import { anonymous, type EncodeItem, type ManualClock, type ModelInfo, type RequestContext } from '#core';
import { POOL_DEFAULTS, type PoolOptions } from '../pool-options.js';
import type { OpenLink } from '../replica-link.js';

/** What scripted replicas say of their model: vectors of one number. */
export const SCRIPTED_INFO: ModelInfo = {
  name: 'scripted',
  dimension: 1,
  imageSize: 8,
  contextLength: 77,
  logitScale: 100,
  normalized: false,
};

/** A text whose vector, from a scripted replica, is `id`. */
export function aText(id: number): EncodeItem {
  return { kind: 'text', text: String(id) };
}

/** `count` texts with ids from `from` on. */
export function texts(count: number, from = 0): EncodeItem[] {
  return Array.from({ length: count }, (_, n) => aText(from + n));
}

/** An "image" whose vector, from a scripted replica, is `id`; `bytes` makes it heavy. */
export function anImage(id: number, bytes = 0): EncodeItem {
  return { kind: 'image', bytes: Buffer.concat([Buffer.from(String(id)), Buffer.alloc(bytes, ' ')]) };
}

/** The id in an item that a builder here made. */
export function idOf(item: EncodeItem): number {
  return Number(item.kind === 'text' ? item.text : item.kind === 'image' ? Buffer.from(item.bytes).toString() : NaN);
}

/** A call by `principal`, never aborted unless a signal is given. */
export function aContext(principal = anonymous.id, signal = new AbortController().signal): RequestContext {
  return { requestId: 'a-request', principal: { ...anonymous, id: principal }, signal };
}

/** A pool on a clock turned by hand, with replicas of the test's making. */
export function poolOptions(clock: ManualClock, openLink: OpenLink, changes: Partial<PoolOptions> = {}): PoolOptions {
  return {
    ...POOL_DEFAULTS,
    name: 'scripted',
    folder: 'unused',
    imageLimits: { bytesMax: 1e6, pixelsMax: 1e6 },
    cores: 2,
    clock,
    log: () => undefined,
    openLink,
    ...changes,
  };
}

/** Lets everything that waits on settled promises run. */
export async function flush(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

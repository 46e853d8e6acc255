import {
  anonymous,
  type EncodeItem,
  type ManualClock,
  type ModelInfo,
  randomId,
  type RequestContext,
  RequestTrace,
} from '#core';
import { POOL_DEFAULTS, type PoolOptions } from '../pool/pool-options.js';
import type { OpenLink } from '../replica/replica-link.js';

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

/**
 * The head of a PNG whose vector, from a scripted replica, is `id`. It costs what its size says, and cannot be decoded.
 */
export function aPngHead(id: number, width: number, height: number): EncodeItem {
  const bytes = Buffer.alloc(37);
  bytes.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.set([8, 2, 0, 0, 0], 24);
  bytes.writeUInt32BE(id, 33);
  return { kind: 'image', bytes };
}

/** The id in an item that a builder here made. */
export function idOf(item: EncodeItem): number {
  if (item.kind === 'image' && item.bytes[0] === 0x89) return Buffer.from(item.bytes).readUInt32BE(33);
  return Number(item.kind === 'text' ? item.text : item.kind === 'image' ? Buffer.from(item.bytes).toString() : NaN);
}

/** A call by `principal`, never aborted unless a signal is given. */
export function aContext(principal = anonymous.id, signal = new AbortController().signal): RequestContext {
  return { requestId: 'a-request', principal: { ...anonymous, id: principal }, signal };
}

/** As `aContext`, of a request that is traced. */
export function aTracedContext(principal = anonymous.id, signal = new AbortController().signal) {
  const trace = new RequestTrace({ traceId: randomId(16), spanId: randomId(8), sampled: true }, undefined, principal);
  return { ...aContext(principal, signal), trace };
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

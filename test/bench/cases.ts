/** Ways in that are measured in every shape. */
export const PROTOCOLS = ['clip.v1', 'JinaRPC', '/v1/embeddings', '/post', 'WebSocket'] as const;
/** `EncodeStream`: clip.v1's stream with many requests under way. */
export type Protocol = (typeof PROTOCOLS)[number] | 'EncodeStream';

export const MODALITIES = ['text', 'image'] as const;
export type Modality = (typeof MODALITIES)[number];

/** `even`: texts of one token length, so that a bare loop has the same one. `mixed`: of 6 to 16 tokens. */
export type Lengths = 'even' | 'mixed';

/** What is sent: so many clients, each with `inFlight` requests under way and a new one for each answer. */
export interface Load {
  readonly modality: Modality;
  readonly lengths: Lengths;
  readonly protocol: Protocol;
  readonly clients: number;
  /** In a request. */
  readonly items: number;
  readonly inFlight: number;
}

export interface BenchCase extends Load {
  /** Stable over versions, e.g. `mini-clip/text/clip.v1/32x1`: 32 clients, 1 item a request. */
  readonly name: string;
  readonly model: string;
}

/** What the Python server speaks, by what of ours it is compared with. */
export const PYTHON_PROTOCOLS: Readonly<Record<Protocol, Protocol>> = {
  'clip.v1': 'JinaRPC',
  EncodeStream: 'JinaRPC',
  JinaRPC: 'JinaRPC',
  '/v1/embeddings': '/post',
  '/post': '/post',
  WebSocket: 'WebSocket',
};

const CLIENTS = [1, 8, 32];
const ITEMS = [1, 32];
/** As many requests as our server works on of one stream, less a margin. */
const STREAM_IN_FLIGHT = 64;

/**
 * Every shape on every way in, streams and texts of mixed lengths; `quick` without the slowest and with fewer of the
 * rest.
 */
export function benchCases(model: string, quick: boolean): BenchCase[] {
  const matrix = shapes(PROTOCOLS).map((some) => benchCase(model, some));
  const streams = MODALITIES.map((modality) =>
    benchCase(model, load({ modality, protocol: 'EncodeStream', inFlight: STREAM_IN_FLIGHT })),
  );
  const mixed = benchCase(model, load({ lengths: 'mixed', protocol: 'clip.v1', clients: 32 }));
  return [...matrix, ...streams, mixed].filter((some) => !quick || isQuick(some));
}

/** What is measured of the Python server: the largest shape over gRPC only, since it takes it minutes. */
export function pythonCases(model: string, quick: boolean): BenchCase[] {
  return shapes(['JinaRPC', '/post', 'WebSocket'])
    .filter((some) => atOnce(some) <= (quick ? 32 : 256) || (!quick && some.protocol === 'JinaRPC'))
    .map((some) => benchCase(`python-server:${model}`, some));
}

function isQuick(some: Load): boolean {
  const isSlow = some.modality === 'image' && atOnce(some) > STREAM_IN_FLIGHT;
  return !isSlow && (some.clients !== 8 || some.protocol === 'clip.v1');
}

/** Items under way at the same time. */
function atOnce({ clients, items, inFlight }: Load): number {
  return clients * items * inFlight;
}

/** The batch that a bare loop runs to be comparable: the largest measured one that the load can fill. */
export function comparableBatch(some: Load): number {
  return BARE_BATCHES.filter((batch) => batch <= atOnce(some)).at(-1) ?? 1;
}

export const BARE_BATCHES = [1, 8, 32] as const;

/** How often a case is measured: those that a promise is made of more often, rounds of many seconds once. */
export function repeatsOf(some: BenchCase, { repeats }: { repeats: number }): number {
  if (some.modality === 'image' && atOnce(some) > 256) return 1;
  const isPromised =
    some.protocol === 'EncodeStream' ||
    (['clip.v1', '/v1/embeddings'].includes(some.protocol) &&
      [some.clients, some.items].includes(1) &&
      some.clients !== 8);
  return isPromised ? 2 * repeats : repeats;
}

function shapes(protocols: readonly Protocol[]): Load[] {
  return MODALITIES.flatMap((modality) =>
    protocols.flatMap((protocol) =>
      CLIENTS.flatMap((clients) => ITEMS.map((items) => load({ modality, protocol, clients, items }))),
    ),
  );
}

function load(given: Partial<Load> & Pick<Load, 'protocol'>): Load {
  return { modality: 'text', lengths: 'even', clients: 1, items: 1, inFlight: 1, ...given };
}

function benchCase(model: string, some: Load): BenchCase {
  const kind = some.lengths === 'mixed' ? 'mixed-text' : some.modality;
  const shape = `${some.clients}x${some.items}${some.inFlight > 1 ? `x${some.inFlight}` : ''}`;
  return { ...some, name: `${model}/${kind}/${some.protocol.replace(/^\//, '')}/${shape}`, model };
}

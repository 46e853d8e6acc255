/** Ways in that are measured. */
export const PROTOCOLS = ['clip.v1', 'JinaRPC', '/v1/embeddings', '/post', 'WebSocket'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const MODALITIES = ['text', 'image'] as const;
export type Modality = (typeof MODALITIES)[number];

/** One load: so many clients, each sending its next request when the last one is answered. */
export interface BenchCase {
  /** Stable over versions, e.g. `text/clip.v1/32x1`: 32 clients, 1 item a request. */
  readonly name: string;
  readonly modality: Modality;
  readonly protocol: Protocol;
  readonly clients: number;
  readonly items: number;
}

/** Every combination, or with `quick` the corners only. `only` keeps the cases whose name contains it. */
export function benchCases(quick: boolean, only: string): BenchCase[] {
  const clientCounts = quick ? [1, 32] : [1, 8, 32];
  return MODALITIES.flatMap((modality) =>
    PROTOCOLS.flatMap((protocol) =>
      clientCounts.flatMap((clients) => [1, 32].map((items) => benchCase(modality, protocol, clients, items))),
    ),
  ).filter(({ name, modality, clients, items }) => {
    // 32 clients of 32 images are a second and a half of work per round: too slow for a quick look.
    const isSlow = modality === 'image' && clients * items > 32;
    return name.includes(only) && !(quick && isSlow);
  });
}

/** The batch that a bare loop runs to be comparable: the largest measured one that the case can fill. */
export function comparableBatch({ clients, items }: BenchCase): number {
  return BARE_BATCHES.filter((batch) => batch <= clients * items).at(-1) ?? 1;
}

export const BARE_BATCHES = [1, 8, 32] as const;

function benchCase(modality: Modality, protocol: Protocol, clients: number, items: number): BenchCase {
  const name = `${modality}/${protocol.replace(/^\//, '')}/${clients}x${items}`;
  return { name, modality, protocol, clients, items };
}

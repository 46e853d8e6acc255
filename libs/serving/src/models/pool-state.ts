import type { PoolSnapshot } from '#inference';

/** How a served model is, as people are told it: `degraded` where not all of its replicas serve. */
export function poolStateOf({ replicas }: Pick<PoolSnapshot, 'replicas'>): 'ready' | 'degraded' | 'down' {
  const staying = replicas.filter(({ state }) => state !== 'stopping');
  const ready = staying.filter(({ state }) => state === 'ready').length;
  if (ready === 0) return 'down';
  return ready === staying.length ? 'ready' : 'degraded';
}

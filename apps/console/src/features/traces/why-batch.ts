import { formatDuration, formatShare } from '../../format/format.js';
import type { Batch, TraceSummary } from './spans.js';

/** Says in words why a batch left when it did, how full it was, and who had waited for whom. */
export function whyBatch(batch: Batch, riders: readonly Pick<TraceSummary, 'queueMs'>[]): string {
  const { items, itemsMax, others } = batch;
  const size =
    itemsMax === null
      ? `${items} items`
      : `${items} of at most ${itemsMax} items (${formatShare(items / itemsMax)} full)`;
  const left = `It left with ${size}, ${REASONS[batch.reason] ?? 'for a reason that this page does not know.'}`;
  const all = batch.riders.length + others.requests;
  if (all === 1) return `${left} One request rode in it, so nobody waited for another.`;
  const waits = riders.flatMap(({ queueMs }) => queueMs ?? []);
  if (waits.length < 2) return `${left} ${all} requests rode in it.`;
  const [shortest, longest] = [Math.min(...waits), Math.max(...waits)];
  return `${left} ${all} requests rode in it: the first had waited ${formatDuration(longest)}, the last ${formatDuration(shortest)}.`;
}

const REASONS: Readonly<Record<string, string>> = {
  full: 'since it was full: more waited than it could take.',
  idle_replica: 'since a replica was idle: nothing waits for a batch to fill.',
  waited: 'when a replica had room again: its items had waited while the batch before was run.',
  retry: 'as another attempt: a replica had died with its items.',
  costly: 'as one of costly images, which run beside the others so that these need not wait.',
};

import type { Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';
import type { KnownValue } from '../../ui/query-bar.js';

type Event = Schemas['AuditEventView'];

const READ: Readonly<Record<string, (event: Event) => string | null>> = {
  actor: ({ actor }) => actor.name,
  by: ({ actor }) => actor.kind,
  action: ({ action }) => action,
  target: ({ target }) => target.name,
  address: ({ actor }) => actor.from,
};

/** The values of a key that occur in some events, the most frequent first, as the line of the query suggests them. */
export function valuesIn(events: readonly Event[], key: string): readonly KnownValue[] {
  const counts = new Map<string, number>();
  for (const event of events) {
    const value = READ[key]?.(event) ?? null;
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([value, count]) => ({ value, about: formatCount(count) }));
}

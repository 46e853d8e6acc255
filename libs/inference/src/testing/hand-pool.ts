import { DomainError, ManualClock } from '#core';
import type { PoolOptions } from '../pool/pool-options.js';
import { startPool, type ModelPool } from '../pool/pool.js';
import { poolOptions } from './builders.js';
import { handLinks, type HandLink } from './hand-links.js';

/** How each replica becomes ready at the start. */
type Loads = (link: HandLink) => void;

/** A started pool whose replicas (`first`, and `links` for all runs) the test plays. */
export async function aPool({
  loads = (link) => link.ready(),
  ...changes
}: Partial<PoolOptions> & { loads?: Loads } = {}) {
  const clock = new ManualClock();
  const { openLink, links, last } = handLinks();
  const starting = startPool(poolOptions(clock, openLink, changes));
  [...links].forEach(loads);
  const pool = await starting;
  const first: HandLink = links[0] ?? last();
  return { pool, clock, links, first, last };
}

/** How a call ends, so that a rejection is a value too. */
export function outcomeOf(call: ReturnType<ModelPool['submit']>): Promise<unknown> {
  return call.then(
    (results) => results.map((result) => (result.ok ? result.embedding[0] : result.error.code)),
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
}

import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';

/** What `npm pack` runs before it packs: the package holds the built service. */
await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return 0;
});

import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';

/** `npm run build`, and what `npm pack` runs before it packs: builds the service and the console where they are old. */
await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return 0;
});

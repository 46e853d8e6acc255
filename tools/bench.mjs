import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { pinnedNode, root, run } from './process.mjs';

/** `npm run bench`: measures a built service. Node 24 runs the TypeScript of the bench as it is. */
await main(async (args) => {
  await ensureInstalled({ dev: true });
  await ensureBuilt();
  return run(pinnedNode, [join(root, 'test', 'bench', 'run.ts'), ...args]);
});

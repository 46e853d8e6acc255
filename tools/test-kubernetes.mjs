import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { packageScript, pinnedNode, root, run } from './process.mjs';

/**
 * `npm run test:kubernetes`: the manifests on a real API server with scheduler and controller manager (no kubelet: the
 * tests say what pods do). It builds Kubernetes first, twenty minutes of one core, so it is no part of `npm test`. It
 * needs Go and etcd (Debian: `etcd-server`).
 */
await main(async (args) => {
  await ensureInstalled({ dev: true });
  await ensureBuilt();
  for (const tool of ['kubernetes.mjs', 'kubernetes-api.mjs']) {
    const code = await run(pinnedNode, [join(root, 'tools', tool)]);
    if (code !== 0) return code;
  }
  return run(pinnedNode, [packageScript('vitest', 'vitest.mjs'), 'run', '--project', 'kubernetes', ...args]);
});

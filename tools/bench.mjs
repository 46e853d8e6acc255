import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, main, StepFailed } from './ensure.mjs';
import { pinnedNode, root, run } from './process.mjs';

/**
 * `npm run bench`, and `npm run bench:gpu` with `--gpu`: measures a built service. Node 24 runs the TypeScript of the
 * bench as it is.
 */
await main(async (args) => {
  if (args.includes('--gpu') && !args.includes('--help') && !args.includes('cpu')) requireCard();
  await ensureInstalled({ dev: true });
  await ensureBuilt();
  return run(pinnedNode, [join(root, 'test', 'bench', 'run.ts'), ...args]);
});

/** Before minutes of building: a machine without a card has nothing to be measured. */
function requireCard() {
  try {
    execFileSync('nvidia-smi', ['-L'], { stdio: 'ignore' });
  } catch {
    throw new StepFailed(
      'This machine has no NVIDIA GPU that works: nvidia-smi is missing or fails. Run bench:gpu on a GPU host set up as ' +
        'docs/gpu.md says.',
      1,
    );
  }
}

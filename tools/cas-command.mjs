import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { isCheckout, pinnedNode, root, run } from './process.mjs';

const PREPARE = '--install-and-build';
const entry = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');

/**
 * The command `cas`: in a checkout installs and builds what is missing, then runs the command in the caller's folder.
 * npm and tsc write to stdout, which belongs to the data of the command, so they run in a process whose stdout is our
 * stderr.
 */
await main(async (args) => {
  if (args[0] === PREPARE) return prepare();
  if (isCheckout) {
    const code = await run(process.execPath, [fileURLToPath(import.meta.url), PREPARE], { stdio: ['ignore', 2, 2] });
    if (code !== 0) return code;
  }
  const cliArgs = [entry, ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(pinnedNode, [pinnedNode, ...cliArgs], process.env);
  }
  return run(pinnedNode, cliArgs, { cwd: process.cwd() });
});

async function prepare() {
  await ensureInstalled();
  await ensureBuilt();
  return 0;
}

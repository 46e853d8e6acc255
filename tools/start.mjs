import process from 'node:process';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { pinnedNode, root, run, serviceEntry, serviceFlags } from './process.mjs';

/**
 * `npm start`: installs and builds what is missing, then becomes the service. Where Node can (execve), the service takes
 * over this very process, so that signals and the exit code are its own. Elsewhere it is a child in a process group of its
 * own: Ctrl-C reaches it once, through us, and not a second time from the terminal.
 */
await main(async (args) => {
  await ensureInstalled();
  await ensureBuilt();
  const serviceArgs = [...serviceFlags, serviceEntry, ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.chdir(root);
    process.execve(pinnedNode, [pinnedNode, ...serviceArgs], process.env);
  }
  return run(pinnedNode, serviceArgs, { detached: process.platform !== 'win32' });
});

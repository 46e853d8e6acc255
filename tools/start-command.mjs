import process from 'node:process';
import { ensureBuilt, ensureInstalled, main } from './ensure.mjs';
import { isCheckout, pinnedNode, root, run, serviceEntry } from './process.mjs';
import { serviceFlags } from './service-flags.mjs';

/**
 * `npm start`, and `clip-as-service` of the packed service: in a checkout installs and builds what is missing, then
 * becomes the service. The packed one works in the caller's folder, where its `cas.yml` and `data` are. Where Node can
 * (execve), the service takes over this very process, so that signals and the exit code are its own. Elsewhere it is a
 * child in a process group of its own: Ctrl-C reaches it once, through us, and not a second time from the terminal.
 */
await main(async (args) => {
  if (isCheckout) {
    await ensureInstalled();
    await ensureBuilt();
  }
  const serviceArgs = [...serviceFlags, serviceEntry, ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    if (isCheckout) process.chdir(root);
    process.execve(pinnedNode, [pinnedNode, ...serviceArgs], process.env);
  }
  const cwd = isCheckout ? root : process.cwd();
  return run(pinnedNode, serviceArgs, { cwd, detached: process.platform !== 'win32' });
});

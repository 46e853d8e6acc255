import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { serviceFlags } from '../service-flags.mjs';

/**
 * What the image runs (the Dockerfile's ENTRYPOINT): its first argument names a service, `standalone`, `server` or
 * `admin`, or the command `cas`; what follows is handed on. A service takes over this very process, so that it gets the
 * signals and gives the exit code. There is no shell in the image, and none is needed.
 */
const SERVICES = ['standalone', 'server', 'admin'];
const [name = 'standalone', ...args] = process.argv.slice(2);

if (SERVICES.includes(name)) becomeService(name);
else if (name === 'cas') await runCommand();
else refuse();

function becomeService(service) {
  process.execve(process.execPath, [process.execPath, ...serviceFlags, entryOf(service), ...args], process.env);
}

/**
 * The command runs in this process. As the first one of a container, a process that does not ask for a signal does not
 * get it: SIGTERM would be lost, and the container be killed after its grace.
 */
async function runCommand() {
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
    ['SIGHUP', 1],
  ]) {
    process.on(signal, () => {
      const isOurs = process.listenerCount(signal) === 1;
      if (isOurs) process.exit(128 + number);
    });
  }
  const entry = entryOf('cli');
  process.argv = [process.execPath, entry, ...args];
  await import(pathToFileURL(entry).href);
}

function refuse() {
  process.stderr.write(`The image runs ${SERVICES.join(', ')} or cas, and ${JSON.stringify(name)} is none of them.\n`);
  process.exitCode = 64; // EX_USAGE of sysexits.h
}

function entryOf(app) {
  return join(import.meta.dirname, '..', '..', 'dist', 'apps', app, 'src', 'main.js');
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json; every tool works there, wherever it was called from. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Whether this is the source, to be installed and built here. What `npm pack` makes is built, and installed by others.
 */
export const isCheckout = existsSync(join(root, 'tsconfig.build.json'));

/** Node 24 as package.json pins it. Exists once the packages are installed. */
export const pinnedNode = nodeIn(isCheckout ? join(root, 'node_modules', 'node') : nodePackage());

/** What the service is started from, once it is built. */
export const serviceEntry = join(root, 'dist', 'apps', 'standalone', 'src', 'main.js');

function nodeIn(folder) {
  return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** npm puts the packages of an installed package beside it, or below it where versions differ. */
function nodePackage() {
  return dirname(createRequire(import.meta.url).resolve('node/package.json'));
}

/** The script behind a package's command, to be run by the pinned Node. */
export function packageScript(...parts) {
  return join(root, 'node_modules', ...parts);
}

/** Prints a line of the tools' own, apart from what their children print. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a command in `root` with this terminal and resolves to its exit code, 128 + N when signal N ended it.
 * Signals that reach this process go on to the child, which decides how to end.
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  }).finally(stopForwarding);
}

/** As shells count: a process that signal N ended has the exit code 128 + N. */
function exitCodeOf(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

function forwardSignals(child) {
  const forwards = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => child.kill(signal)]);
  for (const [signal, forward] of forwards) process.on(signal, forward);
  return () => forwards.forEach(([signal, forward]) => process.off(signal, forward));
}

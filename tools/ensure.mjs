import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { packageScript, pinnedNode, root, run, say, serviceEntry } from './process.mjs';

/** What a build is made from; a change in any of them asks for a new one. */
const BUILD_INPUTS = [
  'apps',
  'libs',
  'migrations',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** The service, then the console that its admin API serves. */
const BUILD_STEPS = {
  tsc: [packageScript('typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
  vite: [packageScript('vite', 'bin', 'vite.js'), 'build', 'apps/console', '--logLevel', 'warn'],
};

/**
 * Whatever NODE_ENV and the user's npm say, dev packages are needed to build. Install scripts are left out, and that of
 * the one package that needs it is run by itself: npm 10 would compile better-sqlite3, which brings its binaries, and
 * fetch 270 MB for GPUs (docs/gpu.md).
 */
const INSTALL_OPTIONS = ['--loglevel=error', '--include=dev', '--ignore-scripts'];

/** The script of the package "node" brings Node 24. */
const FETCH_NODE = ['rebuild', 'node', '--loglevel=error', '--ignore-scripts=false'];

/**
 * Installs the packages (`npm ci`) when node_modules is not what package-lock.json says. The tools of tests and lint
 * must be there with `dev`, and where something is to be built: the build compiles against types that only they bring.
 * Throws StepFailed. Safe when called by two processes at once: the second waits, then finds it done.
 */
export async function ensureInstalled({ dev = false, folder = root } = {}) {
  const isDone = () => isInstalled(folder, dev || !isBuilt(folder));
  if (isDone()) return;
  await locked(folder, async () => {
    if (isDone()) return;
    say('Installing packages (npm ci). This is needed once, and again when package-lock.json changes.');
    const [command, args] = npmCommand();
    const options = { cwd: folder, shell: process.platform === 'win32' && command === 'npm' };
    for (const step of [['ci', ...INSTALL_OPTIONS], FETCH_NODE]) {
      const code = await run(command, [...args, ...step], options);
      if (code !== 0)
        throw new StepFailed(`npm ${step[0]} failed; its messages are above. Is the package registry reachable?`, code);
    }
    if (!hasPinnedNode(folder, packagesOf(join(folder, 'package-lock.json'))))
      throw new StepFailed(
        'npm rebuild did not run the install script of the package "node". Allow install scripts in npm.',
        1,
      );
    writeFileSync(installStamp(folder), installedFrom(folder));
  });
}

/** Compiles apps and libs into dist, and the console into dist/console, when a source changed. Throws StepFailed. */
export async function ensureBuilt({ folder = root } = {}) {
  if (isBuilt(folder)) return;
  await locked(folder, async () => {
    if (isBuilt(folder)) return;
    const inputs = fingerprint(folder);
    say('Building (tsc, vite).');
    for (const [name, step] of Object.entries(BUILD_STEPS)) {
      const code = await run(pinnedNode, step, { cwd: folder });
      if (code !== 0) throw new StepFailed(`The build failed (${name}); the errors are above.`, code);
    }
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(stampFile(folder), inputs);
  });
}

/** A step that ended badly and has told why. */
export class StepFailed extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a tool's main function: a failed step is one line and its exit code, not a stack. */
export async function main(tool) {
  try {
    process.exitCode = await tool(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}

/**
 * Whether node_modules is what package-lock.json says: every package that this platform must have is there in its
 * version, or `npm ci` was content with this very package-lock.json. The first covers `npm install` by hand.
 */
export function isInstalled(folder, dev) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  if (!wanted || !hasPinnedNode(folder, wanted)) return false;
  if (hasStamp(folder)) return true;
  // npm writes this file last, after every install script has passed.
  const present = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  if (!present) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    const found = present[place];
    if (found) return found.version === entry.version && found.integrity === entry.integrity;
    return place === '' || entry.optional || entry.devOptional || entry.peer || entry.link || (entry.dev && !dev);
  });
}

/** Changes when a build input is added, removed or touched. Reads no file's content. */
export function fingerprint(folder) {
  const hash = createHash('sha256').update(process.platform);
  for (const input of BUILD_INPUTS) addTo(hash, folder, input);
  return hash.digest('hex');
}

function addTo(hash, folder, name) {
  const place = join(folder, name);
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) {
    if (!/\.spec\.ts$/.test(name)) hash.update(`${name}\0${found.size}\0${found.mtimeMs}\0`);
    return;
  }
  for (const entry of readdirSync(place).sort()) if (entry !== 'node_modules') addTo(hash, folder, join(name, entry));
}

/** Node 24 is fetched by the install script of its package, which npm leaves out where scripts are off. */
function hasPinnedNode(folder, wanted) {
  return !wanted['node_modules/node'] || existsSync(join(folder, relative(root, pinnedNode)));
}

function hasStamp(folder) {
  const stamp = installStamp(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === installedFrom(folder);
}

function installedFrom(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  return createHash('sha256').update('with dev').update(lock).digest('hex');
}

/** Inside node_modules, so that it goes when they go. */
function installStamp(folder) {
  return join(folder, 'node_modules', '.installed-from');
}

function isBuilt(folder) {
  if (folder === root && !existsSync(serviceEntry)) return false;
  const stamp = stampFile(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(folder);
}

function stampFile(folder) {
  return join(folder, 'dist', '.built-from');
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined;
}

function locked(folder, task) {
  const lock = join(folder, '.cache', 'ensure.lock');
  const onWait = (pid) =>
    say(`Process ${pid} installs or builds here; waiting for it. If there is no such process, remove ${lock}.`);
  return withLock(lock, task, onWait);
}

/** The npm that called us, run by the Node that runs it: `npm ci` removes the pinned Node while it works. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm && basename(npm) === 'npm-cli.js' && existsSync(npm)) return [nodeOutside(node), [npm]];
  return ['npm', []];
}

function nodeOutside(node) {
  const own = dirname(pinnedNode);
  return (
    [node, process.execPath].find((candidate) => candidate && dirname(candidate) !== own && existsSync(candidate)) ??
    'node'
  );
}

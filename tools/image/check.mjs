import { execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { main, StepFailed } from '../ensure.mjs';
import { pinnedNode, root, say } from '../process.mjs';
import { baseOf, makeBase } from './base-stand-in.mjs';
import { Container } from './container.mjs';

/**
 * `npm run test:image [-- --target cuda]`, as root on Debian with the packages buildah, crun, debootstrap and
 * util-linux: builds the Dockerfile itself by buildah, on a base made of Debian's packages, so that no registry of
 * images is needed; and runs the service in the image as Kubernetes would (container.mjs). It takes minutes.
 */
const CPU_BYTES_MAX = 450e6;
const PROGRAMS = ['buildah', 'crun', 'debootstrap', 'nsenter'];

await main(async (args) => {
  const { values } = parseArgs({ args, options: { target: { type: 'string', default: 'cpu' } } });
  requirePrograms();
  const cache = join(root, '.cache', 'image');
  const runs = mkdtempSync(join(cacheMade(cache), 'run-'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = `clip-as-service:${version}${values.target === 'cuda' ? '-cuda' : ''}`;
  const buildah = buildahIn(cache);
  makeBase(buildah, cache, baseOf(join(root, 'Dockerfile')));
  build(buildah, values.target, name);
  const container = buildah('from', '--pull-never', name).trim();
  try {
    const rootfs = buildah('mount', container).trim();
    const image = { rootfs, ...settingsOf(buildah, name) };
    say(`${name}: ${checkFiles(rootfs, values.target)} MB unpacked.`);
    await checkService(image, join(runs, 'service'), version);
    await checkCommand(image, join(runs, 'command'), ['cas', 'models', 'list'], /mini-clip/);
    await checkCommand(image, join(runs, 'help'), ['admin', '--help'], /Usage:/);
    await checkCommand(image, join(runs, 'unknown'), ['bash'], /none of them/, 64);
    say('The image works: as its user, with a root that cannot be written to, and without a network.');
    return 0;
  } finally {
    buildah('rm', container);
    rmSync(runs, { recursive: true, force: true });
  }
});

function requirePrograms() {
  const found = (name) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));
  const missing = PROGRAMS.filter((name) => !found(name));
  if (process.getuid() !== 0) throw new StepFailed('This mounts file systems, so it has to be run as root.', 77);
  if (missing.length > 0) throw new StepFailed(`Install ${missing.join(', ')} first (apt-get install).`, 69);
}

function cacheMade(cache) {
  mkdirSync(cache, { recursive: true });
  return cache;
}

/** Its images lie in this checkout's cache, apart from those of the machine. */
function buildahIn(cache) {
  const place = ['--root', join(cache, 'storage'), '--runroot', join(cache, 'runroot'), '--storage-driver', 'overlay'];
  return (...args) =>
    execFileSync('buildah', [...place, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The certificates and npm's cache of this machine are lent to the build's steps; they leave nothing in the image. */
function build(buildah, target, name) {
  say(`Building the target ${target} of the Dockerfile.`);
  mkdirSync(join(homedir(), '.npm'), { recursive: true });
  const lent = ['--volume', '/etc/ssl/certs:/etc/ssl/certs:ro', '--volume', `${join(homedir(), '.npm')}:/root/.npm`];
  buildah(
    'bud',
    '--quiet',
    '--isolation=chroot',
    '--pull-never',
    '--layers',
    ...lent,
    '--target',
    target,
    '-t',
    name,
    root,
  );
}

function settingsOf(buildah, name) {
  const { config } = JSON.parse(buildah('inspect', '--type', 'image', name)).OCIv1;
  const { Entrypoint: entrypoint, Cmd: cmd, Env: env, User: user, WorkingDir: cwd } = config;
  if (user !== '65532:65532') throw new StepFailed(`The image runs as ${user}.`, 1);
  return { entrypoint, cmd, env, user, cwd };
}

/** What must be in it and what must not; the size of it all in MB (10^6 bytes). */
function checkFiles(rootfs, target) {
  for (const file of [
    'app/sbom.cdx.json',
    'app/LICENSE',
    'app/models/mini-clip/NOTICE.md',
    'usr/share/doc/libc6/copyright',
  ]) {
    if (!existsSync(join(rootfs, file))) throw new StepFailed(`The image has no ${file}.`, 1);
  }
  const files = readdirSync(rootfs, { recursive: true });
  const unwanted =
    /^(usr\/(local\/)?)?s?bin\/(\w*sh|npm|npx|apt|dpkg)$|^app\/(test|node_modules\/(vitest|typescript|node))$/;
  const [found] = files.filter((file) => unwanted.test(file));
  if (found) throw new StepFailed(`The image has ${found}.`, 1);
  const { components } = JSON.parse(readFileSync(join(rootfs, 'app/sbom.cdx.json'), 'utf8'));
  if (components.length < 50) throw new StepFailed('The bill of materials names hardly any package.', 1);
  const inodes = new Map();
  for (const file of files) {
    const { ino, size } = lstatSync(join(rootfs, file));
    inodes.set(ino, size);
  }
  const bytes = [...inodes.values()].reduce((sum, size) => sum + size, 0);
  if (target === 'cpu' && bytes > CPU_BYTES_MAX) throw new StepFailed(`The image has ${bytes} bytes.`, 1);
  return Math.round(bytes / 1e6);
}

/** Serves over HTTP and gRPC, shows the console, and ends with 0 when it is told to. */
async function checkService(image, folder, version) {
  const settings = { CAS_AUTH: 'off', CAS_LOG_FORMAT: 'json', CAS_OFFLINE: 'true' };
  const container = new Container(image, folder, [], settings);
  await container.wrote('"msg":"ready');
  const ask = ['-t', String(await container.pid()), '-n', pinnedNode, join(root, 'tools', 'image', 'ask.mjs'), version];
  const code = await ended(spawn('nsenter', ask, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }));
  await container.kill('TERM');
  const exit = await container.exited();
  if (code !== 0) throw new StepFailed(`The service in the image does not answer as it should.\n${container.text}`, 1);
  if (exit !== 0) throw new StepFailed(`The service ended with ${exit}.\n${container.text}`, 1);
}

async function checkCommand(image, folder, args, printed, expected = 0) {
  const container = new Container(image, folder, args);
  const code = await container.exited();
  const works = code === expected && printed.test(container.text);
  if (!works) throw new StepFailed(`${args.join(' ')} ended with ${code} and printed:\n${container.text}`, 1);
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

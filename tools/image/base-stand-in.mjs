import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pinnedNode, say } from '../process.mjs';

/** What the Debian release is called in the base's tag, and where its packages come from. */
const SUITE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';

/**
 * Makes what stands for the image that the Dockerfile begins with (`node:VERSION-trixie-slim`) where no registry is
 * reached: Debian's packages by debootstrap, Node as package-lock.json pins it, and npm of this machine. Kept in
 * `folder`, since it takes minutes.
 *
 * @param buildah runs buildah with these arguments and returns what it prints
 * @param name what the Dockerfile calls its base
 */
export function makeBase(buildah, folder, name) {
  if (hasImage(buildah, name)) return;
  const root = join(folder, `${SUITE}-root`);
  if (!existsSync(root)) {
    say(`Debian ${SUITE} by debootstrap, once.`);
    rmSync(`${root}.part`, { recursive: true, force: true });
    const args = ['--variant=minbase', '--include=ca-certificates', SUITE, `${root}.part`, MIRROR];
    execFileSync('debootstrap', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(`${root}.part`, root);
  }
  putNode(root);
  const container = buildah('from', 'scratch').trim();
  buildah('copy', '--quiet', container, root, '/');
  buildah('config', '--env', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container);
  buildah('commit', '--quiet', '--rm', container, name);
}

/** Where the official image has them. Its licence text is Node's own, of which npm's package has only a part. */
function putNode(root) {
  const local = join(root, 'usr', 'local');
  const npm = npmFolder();
  mkdirSync(join(local, 'lib', 'node_modules'), { recursive: true });
  cpSync(pinnedNode, join(local, 'bin', 'node'));
  cpSync(npm, join(local, 'lib', 'node_modules', 'npm'), { recursive: true });
  cpSync(join(npm, 'LICENSE'), join(local, 'LICENSE'));
  rmSync(join(local, 'bin', 'npm'), { force: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm'));
}

function npmFolder() {
  const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
  return dirname(dirname(realpathSync(npm)));
}

function hasImage(buildah, name) {
  const images = JSON.parse(buildah('images', '--json') || '[]');
  return (images ?? []).some(({ names }) => names?.includes(name));
}

/** The name of the base in a Dockerfile: what `ARG BASE` is. */
export function baseOf(dockerfile) {
  const name = /^ARG BASE=(\S+)$/m.exec(readFileSync(dockerfile, 'utf8'))?.[1];
  if (name === undefined) throw new Error('The Dockerfile has no ARG BASE.');
  return name;
}

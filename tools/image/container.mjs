import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** What the manifests give a pod that may be written to: `/data` and `/tmp`, each a file system in memory here. */
const WRITABLE = { '/data': 'mode=0700,uid=65532,gid=65532,size=256m', '/tmp': 'mode=1777,size=64m' };

/** What a container runtime mounts into every container. */
const KERNEL = [
  mount('/proc', 'proc', []),
  mount('/dev', 'tmpfs', ['nosuid', 'noexec', 'strictatime', 'mode=755', 'size=65536k']),
  mount('/dev/shm', 'tmpfs', ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']),
];

/**
 * A container of an image as Kubernetes runs it under "restricted": the image's user, a root that cannot be written to,
 * no capability, no new privileges, namespaces of its own, and no network but loopback. The runtime is crun.
 */
export class Container {
  #folder;
  #id;
  #child;
  #exit;
  #text = '';

  /**
   * @param image what the image says of itself: `{ rootfs, entrypoint, cmd, env, user, cwd }`
   * @param folder a folder for the runtime's files, made and removed by this
   */
  constructor(image, folder, args, env = {}) {
    this.#folder = folder;
    this.#id = `cas-image-${process.pid}-${Date.now().toString(36)}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), JSON.stringify(specification(image, args, env)));
    this.#child = this.#crun(['run', '--bundle', folder, this.#id], ['ignore', 'pipe', 'pipe']);
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (data) => (this.#text += data));
    this.#exit = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => resolve(code));
    });
  }

  /** What it wrote until now, to both outputs. */
  get text() {
    return this.#text;
  }

  /** Resolves with the exit code, and removes what the runtime kept. */
  async exited() {
    const code = await this.#exit;
    rmSync(this.#folder, { recursive: true, force: true });
    return code;
  }

  /** Resolves once it has written `text`; rejects when it ends before. */
  async wrote(text) {
    const isOver = this.#exit.then((code) => {
      throw new Error(`The container ended with ${code} and did not write ${text}.\n${this.#text}`);
    });
    const isWritten = new Promise((resolve) => {
      const look = () => {
        if (this.#text.includes(text)) resolve();
      };
      look();
      for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', look);
    });
    await Promise.race([isWritten, isOver]);
  }

  /** The id of its first process, as this machine counts. */
  async pid() {
    const state = await this.#control('state');
    return JSON.parse(state).pid;
  }

  /** Sends a signal to its first process. */
  async kill(signal) {
    await this.#control('kill', signal);
  }

  async #control(verb, ...args) {
    const child = this.#crun([verb, this.#id, ...args], ['ignore', 'pipe', 'inherit']);
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`crun ${verb} failed.`);
    return text;
  }

  /**
   * Without control groups, which a machine that is a container itself may not hand on: crun refuses to start where it
   * sees those of both versions, so it is shown none.
   */
  #crun(args, stdio) {
    const crun = ['crun', '--cgroup-manager=disabled', '--root', join(this.#folder, 'state'), ...args];
    const script = 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"';
    return spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...crun], { stdio });
  }
}

/** The runtime's configuration, of the OCI runtime specification 1.0. */
function specification({ rootfs, entrypoint, cmd, env: given, user, cwd }, args, env) {
  const [uid, gid] = user.split(':').map(Number);
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const none = { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] };
  return {
    ociVersion: '1.0.2',
    root: { path: rootfs, readonly: true },
    process: {
      user: { uid, gid },
      args: [...entrypoint, ...(args.length > 0 ? args : cmd)],
      env: [...given, ...settings],
      cwd,
      capabilities: none,
      noNewPrivileges: true,
    },
    mounts: [
      ...KERNEL,
      ...Object.entries(WRITABLE).map(([place, options]) =>
        mount(place, 'tmpfs', ['nosuid', 'nodev', 'noexec', ...options.split(',')]),
      ),
    ],
    linux: { namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}

function mount(destination, type, options) {
  return { destination, type, source: type, options };
}

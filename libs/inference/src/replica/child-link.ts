import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Duplex, type Readable } from 'node:stream';
import { installationFolder, thrownText } from '#core';
import type { ClipModelOptions } from '#clip';
import { CARD_ORDER } from '../devices/visible-cards.js';
import { FrameChannel, SOCKET_FD, type Frame } from '../wire/frames.js';
import { parseFromReplica, type FromReplica } from '../wire/messages-from-replica.js';
import { encodeToReplica, type ToReplica } from '../wire/messages-to-replica.js';
import type { Placement } from '../devices/placement.js';
import type { OpenLink, ReplicaLink, ReplicaLinkEvents } from './replica-link.js';

/** libuv's own default; fewer would let file reads wait behind decoding. */
const THREADS_MIN = 4;

/**
 * Young objects of a replica get 4 MB instead of Node's 16 (in practice 32): its large data lies outside the JavaScript
 * heap, and the rest was resident for nothing (docs/benchmark-notes.md).
 */
const NODE_FLAGS = ['--max-semi-space-size=4'];

/**
 * glibc gives large blocks back to the system when they are freed, as it does at first: by itself it keeps more and
 * more of them once a model of many megabytes has been read. Setting the threshold to glibc's own default holds it
 * there.
 */
const MALLOC = { MALLOC_TRIM_THRESHOLD_: String(128 * 1024) };

/** What every child of a pool has in common. */
export interface ChildLinkOptions {
  /** The JavaScript file that the child runs; unset, the built replica process. */
  readonly entry: string | undefined;
  readonly model: Pick<ClipModelOptions, 'folder' | 'name' | 'imageLimits'>;
  /** The largest batch it may get, to warm up for. */
  readonly batchItemsMax: number;
  /** A line that the child printed; what came by stderr is a warning. */
  readonly onLine: (replica: string, level: 'info' | 'warn', line: string) => void;
}

/** Starts replicas as child processes: frames over a socket pair, lines of stdout and stderr to `onLine`. */
export function childLinks(options: ChildLinkOptions): OpenLink {
  return (placement, events) => new ChildLink(options, placement, events);
}

/** One child process. It is killed when it breaks the conversation, and dies by itself when the socket closes. */
class ChildLink implements ReplicaLink {
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;
  /** Undefined when there was no file descriptor left for it: an `error` of the child follows, which ends this run. */
  private readonly channel: FrameChannel | undefined;
  private over = false;
  private broken: string | undefined;

  constructor(
    options: ChildLinkOptions,
    placement: Placement,
    private readonly events: ReplicaLinkEvents,
  ) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, options.entry ?? replicaProcessFile()], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: childEnvironment(placement.threads),
    });
    this.exited = this.watchExit();
    forwardLines(this.child.stdout, (line) => options.onLine(placement.replica, 'info', line));
    forwardLines(this.child.stderr, (line) => options.onLine(placement.replica, 'warn', line));
    this.channel = this.openChannel();
    const { model, batchItemsMax } = options;
    this.send({
      type: 'hello',
      replica: placement.replica,
      model: { ...model, ...runOptions(placement) },
      batchItemsMax,
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: ToReplica): void {
    void this.channel?.send(encodeToReplica(message));
  }

  kill(): void {
    this.over = true;
    this.channel?.destroy();
    this.child.kill('SIGKILL');
  }

  private openChannel(): FrameChannel | undefined {
    const socket = socketOf(this.child);
    if (!socket) return undefined;
    return new FrameChannel(socket, {
      frame: (frame) => this.receive(frame),
      closed: (reason) => this.hungUp(reason),
    });
  }

  private receive(frame: Frame): void {
    let message: FromReplica;
    try {
      message = parseFromReplica(frame);
    } catch (error) {
      this.broken = `it said something wrong: ${thrownText(error)}`;
      this.channel?.destroy();
      this.child.kill('SIGKILL');
      return;
    }
    this.events.message(message);
  }

  /** The exit that follows is what the pool hears: it has the better reason, and by then nothing more can come. */
  private hungUp(reason: string | undefined): void {
    this.broken ??= reason;
    this.child.kill('SIGKILL');
  }

  private watchExit(): Promise<void> {
    return new Promise((resolve) => {
      const end = (reason: string) => {
        resolve();
        if (this.over) return;
        this.over = true;
        this.channel?.destroy();
        this.events.gone(this.broken ? `${reason}; ${this.broken}` : reason);
      };
      this.child.once('error', (error) => end(`the process could not be started: ${error.message}`));
      this.child.once('close', (code, signal) => end(signal ? `ended by ${signal}` : `exited with code ${code}`));
    });
  }
}

function forwardLines(input: Readable | null | undefined, onLine: (line: string) => void): void {
  if (input) createInterface({ input }).on('line', onLine);
}

function runOptions({ threads, provider }: Placement): Pick<ClipModelOptions, 'threads' | 'provider'> {
  return { threads, provider };
}

/** Without a file descriptor left, a child has no `stdio` at all, whatever its type says. */
function socketOf(child: Partial<ChildProcess>): Duplex | undefined {
  const socket = child.stdio?.[SOCKET_FD];
  return socket instanceof Duplex ? socket : undefined;
}

/**
 * The child does not get the service's settings, which hold secrets, since it decodes what anybody may send. It does
 * not get NODE_OPTIONS either: with a debugger's, every child would fight for its port. It decodes images on as many
 * threads as the replica may use, and CUDA numbers cards as the device inventory does.
 */
function childEnvironment(threads: number): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('CAS_') && name !== 'NODE_OPTIONS');
  const defaults = { ...CARD_ORDER, ...MALLOC, UV_THREADPOOL_SIZE: String(Math.max(THREADS_MIN, threads)) };
  return { ...defaults, ...Object.fromEntries(kept) };
}

/** The built file, also when this runs from the sources (tests). */
function replicaProcessFile(): string {
  return join(installationFolder(), 'dist/libs/inference/src/worker/replica-process.js');
}

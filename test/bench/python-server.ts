import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Load, Protocol } from './cases.js';
import type { HelperProcess } from './helper-process.js';
import type { LoadOrder, LoadResult } from './load.js';

const READY_WITHIN_MS = 300_000;
const TRIES_EVERY_MS = 2_000;
const LINES_TOLD = 30;
/** What ONNX Runtime and jina would send to their vendors. */
const TELEMETRY_OFF = { ORT_DISABLE_TELEMETRY: '1', JINA_OPTOUT_TELEMETRY: '1', NO_VERSION_CHECK: '1' };
/** Its ports come one after another in this order. */
const PORTS: readonly Protocol[] = ['JinaRPC', '/post', 'WebSocket'];

/**
 * The Python server on a model folder, started by a script of whoever has it: `run_peer.sh all PORT onnx MODEL_FOLDER`
 * serves gRPC, HTTP and WebSocket on PORT and the two after it, until SIGTERM.
 */
export class PythonServer implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly firstPort: number,
    private readonly output: readonly string[],
  ) {}

  static async start(folder: string, modelFolder: string): Promise<PythonServer> {
    const port = await freePorts(PORTS.length);
    const script = join(folder, 'run_peer.sh');
    const child = spawn('bash', [script, 'all', String(port), 'onnx', modelFolder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...TELEMETRY_OFF },
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => output.splice(0, output.length - LINES_TOLD, ...text.toString().split('\n')));
    }
    const stopWithUs = () => child.kill('SIGTERM');
    process.once('exit', stopWithUs);
    child.once('exit', () => process.off('exit', stopWithUs));
    return new PythonServer(child, port, output);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  portOf(protocol: Protocol): number {
    return this.firstPort + PORTS.indexOf(protocol);
  }

  /** Resolves when it answers on every protocol; rejects with its last lines when it ends or takes five minutes. */
  async ready(generator: HelperProcess<LoadOrder, LoadResult>): Promise<void> {
    const untilMs = performance.now() + READY_WITHIN_MS;
    for (const protocol of PORTS) {
      while (!(await this.answers(protocol, generator))) {
        if (this.child.exitCode !== null || performance.now() > untilMs) {
          throw new Error(`The Python server does not answer.\n${this.output.join('\n')}`);
        }
        await wait(TRIES_EVERY_MS);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  private async answers(protocol: Protocol, generator: HelperProcess<LoadOrder, LoadResult>): Promise<boolean> {
    const load: Load = { modality: 'text', lengths: 'even', protocol, clients: 1, items: 1, inFlight: 1 };
    const order = { kind: 'closed', port: this.portOf(protocol), load, warmUpMs: 0, runMs: 1 } as const;
    return generator.run(order).then(
      () => true,
      () => false,
    );
  }
}

/** The first of `count` ports in a row that are free at this moment. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

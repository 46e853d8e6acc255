import { chmodSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from '../../support/server.js';

/** A line of `nvidia-smi` for one L4 with `freeMib` of its memory free. */
export function l4(index: number, freeMib: number): string {
  return `${index}, GPU-${index}e1c7b5a-66a1-4d1e-9c0f-6a8a3f1d2b01, NVIDIA L4, 23034, ${freeMib}, 580.65.06, [N/A], 8.9`;
}

/** An `nvidia-smi` of the test's making, first on PATH: it says what a driver of the real one was heard to say. */
export class FakeCards implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cas-cards-'));

  constructor(lines: readonly string[], exitCode = 0) {
    this.say(lines, exitCode);
  }

  /** From now on. */
  say(lines: readonly string[], exitCode = 0): void {
    const file = join(this.folder, 'nvidia-smi');
    writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\nexit ${exitCode}\n`);
    chmodSync(file, 0o755);
  }

  /** For a process that shall see these cards, whatever this machine has. */
  get env(): Record<string, string | undefined> & { PATH: string } {
    const PATH = [this.folder, process.env['PATH']].join(delimiter);
    return { PATH, CUDA_VISIBLE_DEVICES: undefined, CUDA_DEVICE_ORDER: undefined };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether onnxruntime-node's install script has brought the CUDA libraries here. */
export function hasCudaLibraries(): boolean {
  const [binding] = globSync(
    `node_modules/onnxruntime-node/bin/napi-v*/${process.platform}/${process.arch}/onnxruntime_binding.node`,
    { cwd: repositoryRoot },
  );
  return binding !== undefined && existsSync(join(repositoryRoot, binding, '../libonnxruntime_providers_cuda.so'));
}

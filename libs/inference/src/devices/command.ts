import { execFile } from 'node:child_process';

/** How a command ended: with what it wrote to stdout and stderr, or not at all, since it is not installed. */
export type CommandOutcome =
  { readonly kind: 'ended'; readonly ok: boolean; readonly output: string } | { readonly kind: 'missing' };

/**
 * Runs a command of PATH. Never rejects. An abort kills the process and no longer waits for what it writes; the promise
 * resolves when it is gone, which may be never for one that hangs in the kernel. It does not keep this process alive.
 */
export type RunCommand = (file: string, args: readonly string[], signal: AbortSignal) => Promise<CommandOutcome>;

const OUTPUT_BYTES_MAX = 2 ** 20;

/** Runs it on this machine. */
export const runCommand: RunCommand = (file, args, signal) =>
  new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      const isMissing = error?.code === 'ENOENT' || error?.code === 'EACCES';
      resolve(isMissing ? { kind: 'missing' } : { kind: 'ended', ok: !error, output: `${stdout}\n${stderr}` });
    });
    // Not by execFile's own `signal`: its callback comes at once then, and nobody would know whether the process is gone.
    signal.addEventListener('abort', () => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
    });
  });

import { execFile } from 'node:child_process';
import { type Clock, singleFlight, withDeadline } from '#core';
import { CARD_FIELDS, parseCards, unknownField, type CardField, type GraphicsCard } from './parse-cards.js';

/** What the driver says of its cards. */
export type CardsReading =
  | { readonly state: 'read'; readonly cards: readonly GraphicsCard[] }
  /** There is no `nvidia-smi`. */
  | { readonly state: 'missing' }
  /** The driver does not work; `said` is its reason. */
  | { readonly state: 'failed'; readonly said: string }
  /** No answer within `NVIDIA_SMI_MS_MAX`. */
  | { readonly state: 'hung' };

/** How a command ended: with what it wrote to stdout and stderr, or not at all, since it is not installed. */
export type CommandOutcome =
  { readonly kind: 'ended'; readonly ok: boolean; readonly output: string } | { readonly kind: 'missing' };

/**
 * Runs a command of PATH. Never rejects. An abort kills the process and no longer waits for what it writes; the promise
 * resolves when it is gone, which may be never for one that hangs in the kernel. It does not keep this process alive.
 */
export type RunCommand = (file: string, args: readonly string[], signal: AbortSignal) => Promise<CommandOutcome>;

/** Without the persistence daemon the driver starts with the first question, a second or two for each card. */
export const NVIDIA_SMI_MS_MAX = 20_000;

/**
 * Fields that drivers came to know later (450 and 510). Older ones run no CUDA of today, but are to be named as old,
 * not as broken.
 */
const LATER_FIELDS: readonly CardField[] = ['mig.mode.current', 'compute_cap'];
const SAID_CHARS_MAX = 200;
const OUTPUT_BYTES_MAX = 2 ** 20;

/** Runs `nvidia-smi`. Reads at the same time share one process; while one hangs, no other is started. */
export class NvidiaSmi {
  private readonly reading: () => Promise<CardsReading>;
  private isStuck = false;

  constructor(
    private readonly parts: { readonly run: RunCommand; readonly clock: Clock },
    fields: readonly CardField[] = CARD_FIELDS,
  ) {
    this.reading = singleFlight(() => this.ask(fields));
  }

  /** The cards at this moment; never rejects. */
  async read(): Promise<CardsReading> {
    if (this.isStuck) return { state: 'hung' };
    return this.reading();
  }

  private async ask(fields: readonly CardField[]): Promise<CardsReading> {
    const outcome = await this.withinLimit([`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits']);
    if (!outcome) return { state: 'hung' };
    if (outcome.kind === 'missing') return { state: 'missing' };
    const { ok, output } = outcome;
    const unknown = unknownField(output);
    const fewer = fields.filter((field) => field !== unknown || !LATER_FIELDS.includes(field));
    if (fewer.length < fields.length) return this.ask(fewer);
    if (/^No devices were found/m.test(output)) return { state: 'read', cards: [] };
    const cards = parseCards(output, fields);
    return ok && cards.length > 0 ? { state: 'read', cards } : { state: 'failed', said: firstLine(output) };
  }

  /** Undefined when the time is over. A process that the driver holds survives even SIGKILL, so nobody waits for it. */
  private async withinLimit(args: readonly string[]): Promise<CommandOutcome | undefined> {
    const { run, clock } = this.parts;
    const giveUp = new AbortController();
    const ending = run('nvidia-smi', args, giveUp.signal);
    return withDeadline(clock, NVIDIA_SMI_MS_MAX, ending, () => {
      giveUp.abort();
      this.isStuck = true;
      void ending.finally(() => (this.isStuck = false));
      return undefined;
    });
  }
}

/** Runs it on this machine. */
export const runCommand: RunCommand = (file, args, signal) =>
  new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      const isMissing = error?.code === 'ENOENT' || error?.code === 'EACCES';
      resolve(isMissing ? { kind: 'missing' } : { kind: 'ended', ok: !error, output: `${stdout}\n${stderr}` });
    });
    // Not by execFile's `signal`: with it the callback comes at once, and nobody would know when the process is gone.
    signal.addEventListener('abort', () => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
    });
  });

function firstLine(output: string): string {
  const line = output.split('\n').find((candidate) => candidate.trim() !== '') ?? 'nothing';
  return line.trim().slice(0, SAID_CHARS_MAX);
}

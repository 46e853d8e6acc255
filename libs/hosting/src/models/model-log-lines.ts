import type { Clock } from '#core';
import type { PoolOptions } from '#inference';

type Entry = Parameters<PoolOptions['log']>[0];

/** A line about a model's replicas, or that one of them printed. */
export interface ModelLogLine {
  readonly atMs: number;
  readonly level: Entry['level'];
  readonly replica: string | null;
  readonly text: string;
}

const LINES_KEPT = 30;
const MODELS_KEPT = 64;
const CHARS_MAX = 400;

/** The last lines about each model, so that a failed load can be shown with what led to it. They may name paths. */
export class ModelLogLines {
  private readonly lines = new Map<string, ModelLogLine[]>();

  constructor(private readonly clock: Pick<Clock, 'wallMs'>) {}

  note({ level, text, model, replica }: Entry): void {
    const lines = this.lines.get(model) ?? [];
    this.lines.delete(model);
    this.lines.set(model, lines); // the last of the map: those of models that were silent for longest go first
    lines.push({ atMs: this.clock.wallMs(), level, replica: replica ?? null, text: text.slice(0, CHARS_MAX) });
    if (lines.length > LINES_KEPT) lines.shift();
    const [oldest] = this.lines.keys();
    if (this.lines.size > MODELS_KEPT && oldest !== undefined) this.lines.delete(oldest);
  }

  /** The oldest first. */
  of(model: string): readonly ModelLogLine[] {
    return this.lines.get(model) ?? [];
  }
}

import type { Clock } from '#core';
import type { Progress } from '#dataset';

/** Where progress is shown. */
export interface ProgressTerminal {
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const REDRAW_EVERY_MS = 200;
const LINE_START = '\r\u001b[K';

/**
 * Shows how far a run is, on a terminal only: a line that is redrawn in place. The size of a source is known only when
 * it was read, so it counts rows and their speed.
 */
export class RowProgress {
  private readonly startedAtMs: number;
  private drawnAtMs = -Infinity;
  private rowsAtStart: number | undefined;

  constructor(
    private readonly terminal: ProgressTerminal | undefined,
    private readonly clock: Clock,
  ) {
    this.startedAtMs = clock.now();
  }

  update({ rows, badRows, parts, rowsAhead }: Progress & { readonly rowsAhead: number }): void {
    const nowMs = this.clock.now();
    const done = rows + badRows + rowsAhead;
    this.rowsAtStart ??= rows + badRows;
    if (!this.terminal || nowMs - this.drawnAtMs < REDRAW_EVERY_MS) return;
    this.drawnAtMs = nowMs;
    const perSecond = ((done - this.rowsAtStart) / Math.max(1, nowMs - this.startedAtMs)) * 1000;
    const text = `${done} rows  ${perSecond.toFixed(0)}/s  ${parts} parts  ${badRows} bad`;
    this.terminal.write(LINE_START + text.slice(0, (this.terminal.columns ?? 80) - 1));
  }

  /** Removes the line. */
  end(): void {
    if (this.drawnAtMs > -Infinity) this.terminal?.write(LINE_START);
  }
}

import type { Clock } from '#core';
import type { DownloadProgress, StoreEvent, StoreObserver } from './store-events.js';

/** Where a download is reported. */
export interface ProgressOutput {
  /** The terminal that shows a bar; undefined for lines only. */
  readonly terminal: { readonly columns?: number | undefined; write(text: string): unknown } | undefined;
  /** Prints one line. */
  readonly line: (text: string) => void;
  readonly clock: Clock;
}

const REDRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 10_000;
const SHOW_CURSOR_LINE_START = '\r\u001b[K';

/**
 * Makes an observer that reports what a store does: on a terminal by a bar that is redrawn in place, elsewhere by a
 * line every ten seconds.
 *
 * @example
 * const observe = progressReporter({ terminal: process.stderr, line: console.error, clock: systemClock });
 * const store = createModelStore({ ...settings, observe });
 */
export function progressReporter(output: ProgressOutput): StoreObserver {
  const reporter = new Reporter(output);
  return (event) => reporter.report(event);
}

class Reporter {
  private startedAtMs = 0;
  private bytesAtStart = 0;
  private reportedAtMs = -Infinity;

  constructor(private readonly output: ProgressOutput) {}

  report(event: StoreEvent): void {
    if (event.kind === 'progress') this.progress(event);
    else this.printEvent(formatEvent(event), event);
  }

  private printEvent(text: string, event: StoreEvent): void {
    this.output.terminal?.write(SHOW_CURSOR_LINE_START);
    this.output.line(text);
    if (event.kind !== 'started') return;
    this.startedAtMs = this.output.clock.now();
    this.reportedAtMs = this.startedAtMs;
    this.bytesAtStart = event.bytesThere;
  }

  private progress({ model, bytesDone, bytes }: DownloadProgress): void {
    const { terminal, clock, line } = this.output;
    const nowMs = clock.now();
    const isLast = bytesDone >= bytes;
    if (nowMs - this.reportedAtMs < (terminal ? REDRAW_EVERY_MS : LINE_EVERY_MS) && !(terminal && isLast)) return;
    this.reportedAtMs = nowMs;
    const bytesPerSecond = ((bytesDone - this.bytesAtStart) / Math.max(1, nowMs - this.startedAtMs)) * 1000;
    const state = { model, bytesDone, bytes, bytesPerSecond };
    if (terminal) terminal.write(SHOW_CURSOR_LINE_START + progressLine(state, terminal.columns ?? 80));
    else line(progressLine(state, 0));
  }
}

function formatEvent(event: Exclude<StoreEvent, DownloadProgress>): string {
  switch (event.kind) {
    case 'started':
      return formatStarted(event);
    case 'retry':
      return `${event.file}: ${event.reason}; trying again in ${Math.round(event.delayMs / 1000)} s`;
    case 'done':
      return `Downloaded ${event.model}: ${formatBytes(event.bytes)} in ${Math.round(event.tookMs / 1000)} s, digests right`;
    case 'failed':
      return `The download of ${event.model} stopped; what has arrived is kept`;
    case 'waiting':
      return `Another process downloads ${event.model}; waiting for it`;
    case 'evicted':
      return event.wasWhole
        ? `Removed ${event.model} (${formatBytes(event.bytes)}), the longest unused, to make room`
        : `Removed what a broken-off download of ${event.model} had left (${formatBytes(event.bytes)}), to make room`;
  }
}

function formatStarted({
  model,
  repository,
  files,
  bytes,
  bytesThere,
}: Extract<StoreEvent, { kind: 'started' }>): string {
  const there = bytesThere > 0 ? `, ${formatBytes(bytesThere)} of them are here already` : '';
  return `Downloading ${model} from ${repository}: ${files} files, ${formatBytes(bytes)}${there}`;
}

/** The progress of a download. */
export interface ProgressState {
  readonly model: string;
  readonly bytesDone: number;
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

const BAR_WIDTH_MAX = 30;

/**
 * Formats the progress as one line, with a bar if `columns` leave room for it. 0 columns mean no bar and no limit.
 *
 * @example
 * progressLine({ model: 'tiny', bytesDone: 5e6, bytes: 1e7, bytesPerSecond: 1e6 }, 0);
 * // 'tiny 50%  5.0 MB of 10.0 MB  1.0 MB/s  5 s left'
 */
export function progressLine({ model, bytesDone, bytes, bytesPerSecond }: ProgressState, columns: number): string {
  const share = bytes === 0 ? 1 : Math.min(1, Math.max(0, bytesDone / bytes));
  const secondsLeft = bytesPerSecond > 0 ? (bytes - bytesDone) / bytesPerSecond : Infinity;
  const figures = [
    `${Math.floor(share * 100)}%`.padStart(4),
    `${formatBytes(bytesDone)} of ${formatBytes(bytes)}`,
    `${formatBytes(Math.max(0, bytesPerSecond))}/s`,
    ...(share < 1 && Number.isFinite(secondsLeft) ? [`${formatTime(secondsLeft)} left`] : []),
  ].join('  ');
  const room = Math.min(BAR_WIDTH_MAX, columns - model.length - figures.length - 4);
  if (room < 5) return columns > 0 ? `${model} ${figures}`.slice(0, columns - 1) : `${model} ${figures.trimStart()}`;
  const full = Math.round(room * share);
  return `${model} ${'█'.repeat(full)}${'░'.repeat(room - full)} ${figures}`;
}

/**
 * Formats a size in powers of 1000, as disks and hubs do.
 *
 * @example
 * formatBytes(1_234_567); // '1.2 MB'
 */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}

function formatTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}

import type { Clock } from '#core';
import type { DownloadProgress, StoreEvent, StoreObserver } from './store-events.js';

/** Where a download is told. */
export interface ProgressOutput {
  /** A terminal that a bar is drawn on; undefined: lines only. */
  readonly terminal: { readonly columns?: number | undefined; write(text: string): unknown } | undefined;
  /** One line for people or the log. */
  readonly line: (text: string) => void;
  readonly clock: Clock;
}

const REDRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 10_000;
const SHOW_CURSOR_LINE_START = '\r\u001b[K';

/** Tells what a store does: on a terminal by a bar that is drawn in place, elsewhere by a line now and then. */
export function progressReporter(output: ProgressOutput): StoreObserver {
  const reporter = new Reporter(output);
  return (event) => reporter.take(event);
}

class Reporter {
  private startedAtMs = 0;
  private bytesAtStart = 0;
  private toldAtMs = -Infinity;

  constructor(private readonly output: ProgressOutput) {}

  take(event: StoreEvent): void {
    if (event.kind === 'progress') this.progress(event);
    else this.say(textOf(event), event);
  }

  private say(text: string, event: StoreEvent): void {
    this.output.terminal?.write(SHOW_CURSOR_LINE_START);
    this.output.line(text);
    if (event.kind !== 'started') return;
    this.startedAtMs = this.output.clock.now();
    this.toldAtMs = this.startedAtMs;
    this.bytesAtStart = event.bytesThere;
  }

  private progress({ model, bytesDone, bytes }: DownloadProgress): void {
    const { terminal, clock, line } = this.output;
    const nowMs = clock.now();
    const isLast = bytesDone >= bytes;
    if (nowMs - this.toldAtMs < (terminal ? REDRAW_EVERY_MS : LINE_EVERY_MS) && !(terminal && isLast)) return;
    this.toldAtMs = nowMs;
    const bytesPerSecond = ((bytesDone - this.bytesAtStart) / Math.max(1, nowMs - this.startedAtMs)) * 1000;
    const state = { model, bytesDone, bytes, bytesPerSecond };
    if (terminal) terminal.write(SHOW_CURSOR_LINE_START + progressLine(state, terminal.columns ?? 80));
    else line(progressLine(state, 0));
  }
}

function textOf(event: Exclude<StoreEvent, DownloadProgress>): string {
  switch (event.kind) {
    case 'started':
      return startedText(event);
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

function startedText({
  model,
  repository,
  files,
  bytes,
  bytesThere,
}: Extract<StoreEvent, { kind: 'started' }>): string {
  const there = bytesThere > 0 ? `, ${formatBytes(bytesThere)} of them are here already` : '';
  return `Downloading ${model} from ${repository}: ${files} files, ${formatBytes(bytes)}${there}`;
}

/** How far a download is. */
export interface ProgressState {
  readonly model: string;
  readonly bytesDone: number;
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

const BAR_WIDTH_MAX = 30;

/** One line for it, with a bar where `columns` leave room for one; 0 columns: no bar and no limit. */
export function progressLine({ model, bytesDone, bytes, bytesPerSecond }: ProgressState, columns: number): string {
  const share = bytes === 0 ? 1 : Math.min(1, Math.max(0, bytesDone / bytes));
  const secondsLeft = bytesPerSecond > 0 ? (bytes - bytesDone) / bytesPerSecond : Infinity;
  const figures = [
    `${Math.floor(share * 100)}%`.padStart(4),
    `${formatBytes(bytesDone)} of ${formatBytes(bytes)}`,
    `${formatBytes(Math.max(0, bytesPerSecond))}/s`,
    ...(share < 1 && Number.isFinite(secondsLeft) ? [`${timeText(secondsLeft)} left`] : []),
  ].join('  ');
  const room = Math.min(BAR_WIDTH_MAX, columns - model.length - figures.length - 4);
  if (room < 5) return columns > 0 ? `${model} ${figures}`.slice(0, columns - 1) : `${model} ${figures.trimStart()}`;
  const full = Math.round(room * share);
  return `${model} ${'█'.repeat(full)}${'░'.repeat(room - full)} ${figures}`;
}

/** 1234567 → `1.2 MB`; powers of 1000, as disks and hubs count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}

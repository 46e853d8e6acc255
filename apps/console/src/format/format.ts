/** How numbers, times and sizes are written everywhere. */
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const DATE_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const RELATIVE = {
  long: new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
  narrow: new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' }),
};

/** `12,345`. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/** `12.3K`, for tiles and axes. */
export function formatShort(value: number): string {
  return Math.abs(value) < 10_000 ? WHOLE.format(value) : SHORT.format(value);
}

/** `97.5 %`; `value` is a share of 1. */
export function formatShare(value: number): string {
  const percent = value * 100;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

/** `850 µs`, `12.3 ms`, `1.25 s`, `3 min`, `2 h`, `5 days`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 100 ? trimmed(ms, 1) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1000, ms < 10_000 ? 2 : 1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * 86_400_000) return `${trimmed(ms / 3_600_000, 1)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, at] = [bytes, 0];
  while (value >= 1024 && at < units.length - 1) [value, at] = [value / 1024, at + 1];
  return `${at === 0 ? value : trimmed(value, value < 10 ? 2 : 1)} ${units[at]}`;
}

/** `30 Nov 2026, 17:05:12`, in the time zone of the browser. */
export function formatInstant(ms: number): string {
  return DATE_TIME.format(ms);
}

/** `17:05:12`, in the time zone of the browser. */
export function formatTime(ms: number): string {
  return TIME.format(ms);
}

/** `30 Nov 2026`. */
export function formatDate(ms: number): string {
  return DATE.format(ms);
}

/** `3 minutes ago`, `in 2 days`, as seen at `nowMs`. */
export function formatAgo(ms: number, nowMs: number, style: 'long' | 'narrow' = 'long'): string {
  const relative = RELATIVE[style];
  const seconds = Math.round((ms - nowMs) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'now';
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

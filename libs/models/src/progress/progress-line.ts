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

const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/**
 * Names the times under a chart, `stepMs` apart, in the time zone of the browser: the time of day where they are less
 * than a day apart, with the day under the first and under each midnight (`17:05`, `30 Nov`); else the day, with the
 * year under the first.
 *
 * @example timeTicks([0, 3_600_000], 3_600_000); // ['00:00\n1 Jan', '01:00'] in UTC
 */
export function timeTicks(timesMs: readonly number[], stepMs: number, timeZone?: string): string[] {
  const written = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
  const isInDays = stepMs >= 86_400_000;
  const short = written(isInDays ? DAY : stepMs < 60_000 ? { ...TIME, second: '2-digit' } : TIME);
  const above = written(isInDays ? { year: 'numeric' } : DAY);
  let last: string | undefined;
  return timesMs.map((ms) => {
    const group = above.format(ms);
    const isNew = group !== last;
    last = group;
    return isNew ? `${short.format(ms)}\n${group}` : short.format(ms);
  });
}

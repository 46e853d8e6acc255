/** One request that was answered. */
export interface Call {
  readonly endedMs: number;
  readonly latencyMs: number;
}

/** The part of a load that counts. */
export interface SteadyWindow {
  readonly calls: readonly Call[];
  readonly elapsedMs: number;
}

/**
 * What counts of a load that goes on all the time: about `runMs` from `warmUntilMs` on, but no less than `round`
 * answers (all requests that are under way at once) for each of both; undefined until enough has been answered. `calls`
 * in the order of their ends.
 *
 * Answers come a batch at a time, and a window of the clock would cut through one at either end, which with large
 * models is a tenth of the figure and more. So it goes from the end of a batch to the end of a batch: every `round`
 * answers hold at least one, and that is where the answers pause.
 */
export function steadyWindow(
  calls: readonly Call[],
  { warmUntilMs, runMs, round }: { warmUntilMs: number; runMs: number; round: number },
): SteadyWindow | undefined {
  const warm = Math.max(endedBy(calls, warmUntilMs), round);
  const startedMs = Math.max(warmUntilMs, calls[warm - 1]?.endedMs ?? Infinity);
  const enough = Math.max(endedBy(calls, startedMs + runMs), warm + round);
  if (calls.length <= enough) return undefined;
  const [open, close] = [lastPause(calls, warm, round), lastPause(calls, enough, round)];
  return { calls: calls.slice(open + 1, close + 1), elapsedMs: endOf(calls, close) - endOf(calls, open) };
}

/**
 * Of the `round` calls before number `end`, the last one after which no answer came for half as long as the longest
 * pause among them. An uneven batch (one item beside 31) ends with a short pause, which is none.
 */
function lastPause(calls: readonly Call[], end: number, round: number): number {
  const pauses = Array.from({ length: round }, (_, back) => {
    const at = end - 1 - back;
    return { at, pauseMs: endOf(calls, at + 1) - endOf(calls, at) };
  });
  const longestMs = Math.max(...pauses.map(({ pauseMs }) => pauseMs));
  return pauses.find(({ pauseMs }) => pauseMs >= longestMs / 2)?.at ?? end - 1;
}

function endedBy(calls: readonly Call[], atMs: number): number {
  const first = calls.findIndex(({ endedMs }) => endedMs > atMs);
  return first < 0 ? calls.length : first;
}

function endOf(calls: readonly Call[], at: number): number {
  return calls[at]?.endedMs ?? Number.NaN;
}

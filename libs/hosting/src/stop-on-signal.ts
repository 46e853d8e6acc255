import type { Log } from '#telemetry';

export interface Stoppable {
  readonly log: Log;
  /** How long what is in flight may take to finish, in milliseconds. */
  readonly graceMs: number;
  /** Says "not ready" everywhere; runs before anything is taken down. */
  readonly beforeStop: () => void;
  /** Takes everything down, in its order. */
  readonly stop: () => Promise<void>;
}

/**
 * SIGTERM and SIGINT: say "not ready" first, finish what is in flight, exit 0 within the grace time. A second signal ends
 * the process at once.
 */
export function stopOnSignal(running: Stoppable): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    running.log.info({ signal }, 'stopping');
    void stop(running);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function stop({ log, graceMs, beforeStop, stop: takeDown }: Stoppable): Promise<void> {
  beforeStop();
  const late = setTimeout(() => {
    log.warn({ graceMs }, 'stopped before everything in flight was finished');
    process.exit(0);
  }, graceMs);
  try {
    await takeDown();
    clearTimeout(late);
    log.info('stopped');
    process.exit(0);
  } catch (err) {
    log.error({ err }, 'stopping failed');
    process.exit(1);
  }
}

import type { INestApplication } from '@nestjs/common';
import type { PoolRegistry } from '#inference';
import type { InferenceServer } from '#protocol';
import type { ImageFetcher } from '#serving';
import type { Log } from '#telemetry';
import type { Readiness } from './readiness.js';

export interface Running {
  log: Log;
  graceMs: number;
  readiness: Readiness;
  /** Ends the following of readiness. */
  follow: () => void;
  server: InferenceServer;
  ops: INestApplication;
  fetcher: ImageFetcher;
  registry: PoolRegistry;
}

/**
 * SIGTERM and SIGINT: say "not ready" first, finish what is in flight, exit 0 within the grace time. A second signal ends
 * the process at once.
 */
export function stopOnSignal(running: Running): void {
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

async function stop(running: Running): Promise<void> {
  const { log, graceMs, readiness, follow, server, ops, fetcher, registry } = running;
  readiness.stop();
  follow();
  server.setServing(false);
  const late = setTimeout(() => {
    log.warn({ graceMs }, 'stopped before everything in flight was finished');
    process.exit(0);
  }, graceMs);
  try {
    await server.app.close();
    await registry.drain();
    await fetcher.close();
    await ops.close();
    clearTimeout(late);
    log.info('stopped');
    process.exit(0);
  } catch (err) {
    log.error({ err }, 'stopping failed');
    process.exit(1);
  }
}

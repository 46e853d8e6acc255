import { randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';
import { mintToken } from '#auth';

/** What the flooding process is asked to send. */
export interface FloodOrder {
  readonly port: number;
  readonly kind: 'random' | 'unknown';
  readonly count: number;
  /** Requests a second; 0 = as many as 64 connections carry. */
  readonly perSecond: number;
}

export interface FloodResult {
  readonly elapsedMs: number;
  /** Answers by HTTP status. */
  readonly statuses: Record<string, number>;
}

const CONNECTIONS = 64;

/** Plays the callers with made-up tokens: one order in, one result out. */
process.on('message', (order: FloodOrder) => {
  flood(order).then(
    (result) => process.send?.(result),
    (err: unknown) => process.send?.({ error: err instanceof Error ? err.message : String(err) }),
  );
});

async function flood({ port, kind, count, perSecond }: FloodOrder): Promise<FloodResult> {
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const statuses: Record<string, number> = {};
  const startedMs = performance.now();
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < count) {
      const place = sent++;
      const dueMs = perSecond === 0 ? 0 : startedMs + (place / perSecond) * 1000 - performance.now();
      if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
      const token = kind === 'random' ? randomBytes(42).toString('base64url') : mintToken().token;
      const answer = await request(`http://127.0.0.1:${port}/v1/models`, {
        dispatcher,
        headers: { authorization: `Bearer ${token}` },
      });
      await answer.body.dump();
      statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  await dispatcher.close();
  return { elapsedMs: performance.now() - startedMs, statuses };
}

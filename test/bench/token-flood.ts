import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Agent, request } from 'undici';
import { startPostgres } from '../support/postgres.js';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { HelperProcess } from './helper-process.js';
import { describeMachine } from './machine.js';
import { percentile, rounded } from './statistics.js';
import type { FloodOrder, FloodResult } from './token-flooder.js';

const PACED_PER_SECOND = 1_000;
const PACED_COUNT = 20_000;

/**
 * `npm run bench -- --tokens [count]`: what `count` (a million) random and as many well-formed but unknown tokens cost
 * the database, and what they do to the times of a caller with a good token. On PostgreSQL, which counts its
 * transactions.
 */
export async function benchTokens(count: number): Promise<void> {
  await using postgres = await startPostgres({ own: true });
  const url = await postgres.createDatabase();
  await using desk = await TokenDesk.open({ CAS_DATABASE_URL: url });
  await using server = await startServer({ env: { ...desk.env, CAS_AUTH: 'required' }, app: 'server' });
  const { token } = await desk.create({ name: 'good' });
  await using flooder = new HelperProcess<FloodOrder, FloodResult>('token-flooder.ts');
  console.log(describeMachine());
  await callerWhile(server, token, () => wait(3_000));
  say('no flood', await callerWhile(server, token, () => wait(20_000)), '');
  for (const kind of ['random', 'unknown'] as const) {
    for (const [much, perSecond] of [
      [PACED_COUNT, PACED_PER_SECOND],
      [count, 0],
    ] as const) {
      const before = await transactionsOf(url);
      const order = { port: server.port, kind, count: much, perSecond };
      let flood: FloodResult | undefined;
      const latencies = await callerWhile(server, token, async () => void (flood = await flooder.run(order)));
      const seconds = (flood?.elapsedMs ?? 0) / 1000;
      const queries = (await transactionsOf(url)) - before;
      const rate = rounded(much / seconds, 0);
      const what = `${much} ${kind} tokens, ${rate}/s, ${JSON.stringify(flood?.statuses)}`;
      say(what, latencies, `; ${queries} transactions in ${rounded(seconds, 0)} s, all of the service's own included`);
    }
  }
}

function say(what: string, latenciesMs: readonly number[], more: string): void {
  const [p50, p99] = [0.5, 0.99].map((share) => rounded(percentile(latenciesMs, share), 1));
  console.log(`${what}: a good caller's p50 ${p50} ms, p99 ${p99} ms (${latenciesMs.length} calls)${more}`);
}

/** The times of one caller who asks for an embedding 20 times a second while `work` goes on. */
async function callerWhile(server: RunningServer, token: string, work: () => Promise<unknown>): Promise<number[]> {
  const dispatcher = new Agent({ connections: 1 });
  const latenciesMs: number[] = [];
  let isOver = false;
  const calling = (async () => {
    while (!isOver) {
      const startedMs = performance.now();
      const answer = await request(server.http('/v1/embeddings'), {
        dispatcher,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"input":"a photo of a cat"}',
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`The good caller got ${answer.statusCode}.`);
      latenciesMs.push(performance.now() - startedMs);
      await wait(50);
    }
  })();
  await work();
  isOver = true;
  await calling;
  await dispatcher.close();
  return latenciesMs;
}

/** Transactions on this database so far; the server publishes them about once a second. */
async function transactionsOf(url: string): Promise<number> {
  await wait(1_500);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  await client.end();
  return Number(rows[0]?.count ?? 0);
}

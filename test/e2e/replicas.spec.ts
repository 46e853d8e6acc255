import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { type DataMessage, dataMessage, exchange, idsOf, textDocuments, vectorOf } from './support/documents.js';
import { cosine, model } from './support/fixtures.js';
import { type AnyClient, duplex, grpcClient } from './support/grpc-clients.js';
import { call, postJson } from './support/http-call.js';
import { eventually, metric, replicasOf, serves } from './support/server-process.js';

const REQUESTS = 400;

const restarts = (server: RunningServer) => metric(server, 'clip_replica_restarts_total', { model: model.name });
/** A server is ready with its first replica; tests that hurt all of them wait for the others. */
const allUp = (server: RunningServer, count: number) =>
  eventually('all replicas serve', async () => (await metric(server, 'clip_replica_up')) === count);
const isReady = async (server: RunningServer) => (await call(server.ops('/health/ready'))).status === 200;

describe.each([1, 2])('with %i replica(s)', (replicas) => {
  let server: RunningServer;
  let client: AnyClient;
  beforeAll(async () => {
    server = await startServer({ env: { CAS_REPLICAS: String(replicas), CAS_CACHE_BYTES_MAX: '0' } });
    await allUp(server, replicas);
    client = grpcClient('jina.JinaRPC', server.target);
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  const textOf = (at: number) => `a photo of thing ${at}`;

  /** Kills every replica as soon as the first answers of a long stream are there. */
  async function streamThroughDeath(): Promise<DataMessage[]> {
    const stream = duplex<DataMessage, DataMessage>(client, 'Call');
    let seen = 0;
    stream.on('data', () => {
      if (++seen === 20) for (const pid of replicasOf(server)) kill(pid, 'SIGKILL');
    });
    return exchange(
      stream,
      Array.from({ length: REQUESTS }, (_, at) =>
        dataMessage(String(at), textDocuments(`d${at}`, [textOf(at), 'second'])),
      ),
    );
  }

  it('runs as many processes, and says so', async () => {
    expect(replicasOf(server)).toHaveLength(replicas);
    expect(await metric(server, 'clip_replica_up', { model: model.name })).toBe(replicas);
    expect(await metric(server, 'clip_replicas', { model: model.name })).toBe(replicas);
  });

  it('a kill -9 of all of them under load loses nothing and answers nothing twice', async () => {
    const before = await restarts(server);
    const killed = replicasOf(server);
    const answers = await streamThroughDeath();
    expect(answers).toHaveLength(REQUESTS);
    const ids = answers.map(({ header }) => header.requestId);
    expect(new Set(ids).size).toBe(REQUESTS);
    for (const answer of answers) {
      expect(answer.header.status).toBeNull();
      expect(idsOf(answer)).toEqual([`d${answer.header.requestId}-0`, `d${answer.header.requestId}-1`]);
      expect(vectorOf(answer.data.docs.docs[0])).toHaveLength(model.dimension);
    }
    await eventually('restarts are counted', async () => (await restarts(server)) >= before + 1);
    await allUp(server, replicas);
    expect(replicasOf(server).filter((pid) => killed.includes(pid))).toEqual([]);
    await eventually('the server is ready again', () => isReady(server));
  });

  it('a lone request that comes right after the death of all of them is answered as before', async () => {
    const embed = async () => {
      const answer = await postJson(server.http('/v1/embeddings'), { input: 'a photo of a cat' });
      expect(answer.status, answer.text).toBe(200);
      return answer.json<{ data: { embedding: number[] }[] }>().data[0]!.embedding;
    };
    const before = await embed();
    for (const pid of replicasOf(server)) kill(pid, 'SIGKILL');
    expect(cosine(await embed(), before)).toBeCloseTo(1, 5);
  });

  it('a replica whose process is stopped is noticed and replaced however long a run may take, and its work is done', async () => {
    await using slow = await startServer({ env: { CAS_REPLICAS: String(replicas), CAS_RUN_MS_MAX: '3600000' } });
    await allUp(slow, replicas);
    const [hung] = replicasOf(slow);
    const stoppedAtMs = Date.now();
    kill(hung!, 'SIGSTOP');
    const answers = Promise.all(Array.from({ length: 20 }, () => serves(slow)));
    await eventually('the hung one is gone', () => !replicasOf(slow).includes(hung!));
    const noticedMs = Date.now() - stoppedAtMs;
    expect(await answers).toEqual(Array(20).fill(true));
    await allUp(slow, replicas);
    process.stdout.write(`SIGSTOP noticed after ${noticedMs} ms, replaced after ${Date.now() - stoppedAtMs} ms\n`);
    await eventually('its restart is counted', async () => (await restarts(slow)) >= 1);
  });
});

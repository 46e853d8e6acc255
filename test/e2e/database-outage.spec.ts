import { expect, it } from 'vitest';
import { postgresServerAvailable, startPostgres } from '../support/postgres.js';
import { startServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { ENCODE_CALLS } from './support/calls-with-token.js';
import { call } from './support/http-call.js';

const OUTAGE_MS_MAX = 4_000;

it.skipIf(!postgresServerAvailable)(
  'known tokens outlive an outage of the database for the stated time, then all are refused, and all recovers by itself',
  async () => {
    await using postgres = await startPostgres({ own: true });
    const url = await postgres.createDatabase();
    await using desk = await TokenDesk.open({ CAS_DATABASE_URL: url });
    const env = { ...desk.env, CAS_AUTH: 'required', CAS_AUTH_OUTAGE_MS_MAX: String(OUTAGE_MS_MAX) };
    await using server = await startServer({ env });
    const { token } = await desk.create({ limits: { requestsPerMinute: 1_000 } });
    const outcomes = () => Promise.all(Object.values(ENCODE_CALLS).map((encode) => encode(server, token)));
    const all = (outcome: string) => Object.keys(ENCODE_CALLS).map(() => outcome);
    expect(await outcomes()).toEqual(all('ok'));

    await postgres.stop();
    const stoppedAtMs = Date.now();
    await server.logged((line) => line['msg'] === 'the database cannot be reached');
    const during = await outcomes();
    expect(Date.now() - stoppedAtMs, 'the test must look before the time is over').toBeLessThan(OUTAGE_MS_MAX);
    expect(during).toEqual(all('ok'));

    await expect
      .poll(outcomes, { timeout: 20_000, interval: 500 })
      .toEqual(Object.keys(ENCODE_CALLS).map(() => expect.stringMatching(/^other: .*(14|503|closed 101[13])/)));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const refused = await call(server.http('/v1/embeddings'), { headers, body: '{"input":"a cat"}' });
    expect(refused.json()).toMatchObject({ error: { code: 'unavailable', message: expect.stringContaining('token') } });
    expect((await call(server.http('/dry_run'))).status).toBe(200);

    await postgres.start();
    await expect.poll(outcomes, { timeout: 20_000, interval: 250 }).toEqual(all('ok'));
    const { token: later } = await desk.create();
    expect(await ENCODE_CALLS['Clip/Encode']!(server, later)).toBe('ok');
  },
  120_000,
);

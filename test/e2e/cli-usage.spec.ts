import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';
import { postJson } from './support/http-call.js';

describe('cas usage', () => {
  it('shows who asked for how much, of the tokens, models and days that are meant, and none where nobody did', async () => {
    using cas = new CasCommand();
    await using server = await startServer({ env: { CAS_AUTH: 'required', CAS_DATA_DIR: cas.dataDir } });
    expect(await cas.json(['usage'])).toMatchObject({ rows: [] });
    const token = (await cas.run(['auth', 'token', 'create', 'ci'])).stdout.trim();
    const headers = { authorization: `Bearer ${token}` };
    expect((await postJson(server.http('/v1/embeddings'), { input: ['a', 'b'] }, headers)).status).toBe(200);
    await server.stop(); // writes what is counted

    const row = { tokenName: 'ci', model: 'mini-clip', requests: 1, items: 2, refused: 0 };
    for (const by of ['total', 'day', 'hour']) {
      const filters = ['--by', by, '--token', 'ci', '--model', 'mini-clip'];
      expect(await cas.json(['usage', ...filters])).toMatchObject({ rows: [row] });
    }
    const { stdout } = await cas.run(['usage', '--by', 'day']);
    expect(stdout).toMatch(/^DAY +TOKEN +MODEL +REQUESTS +ITEMS +REFUSED\n\d{4}-\d\d-\d\d +ci +mini-clip +1 +2 +0\n$/);
    expect(await cas.json(['usage', '--to', '2020-01-31'])).toMatchObject({
      from: '2020-01-01T23:59:59.999Z',
      rows: [],
    });
    expect(await cas.failure(['usage', '--from', '2020-02-01', '--to', '2020-01-01'])).toMatchObject({ code: 2 });
    expect(await cas.failure(['usage', '--token', 'nobody'])).toMatchObject({ code: 1 });
  });
});

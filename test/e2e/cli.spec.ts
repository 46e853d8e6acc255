import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '#core';
import { TokenVerifier } from '#auth';
import { postgresAvailable, startPostgres } from '../support/postgres.js';
import { TokenDesk } from '../support/tokens.js';
import { CasCommand } from './support/cas-command.js';

const DAY_MS = 86_400_000;

/** Whether a service on the data folder of `cas` would let a token in. */
async function works(cas: CasCommand, token: unknown): Promise<boolean> {
  await using desk = await TokenDesk.open({ CAS_DATA_DIR: cas.dataDir });
  const verifier = new TokenVerifier({ database: desk.database, clock: systemClock });
  await verifier.start();
  try {
    return await verifier.verify(String(token)).then(
      () => true,
      () => false,
    );
  } finally {
    verifier.stop();
  }
}

describe('cas auth token', () => {
  it('makes a token on an empty folder and prints one JSON object with token, id and expiresAt', async () => {
    using cas = new CasCommand();
    const nowMs = Date.now();
    const made = await cas.json(['auth', 'token', 'create', 'ci', '-e', '30']);
    expect(made).toMatchObject({ name: 'ci', status: 'active', models: null, limits: {} });
    expect(made['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Date(String(made['expiresAt'])).toISOString()).toBe(made['expiresAt']);
    const lifeMs = Date.parse(String(made['expiresAt'])) - nowMs;
    expect(lifeMs).toBeGreaterThanOrEqual(30 * DAY_MS);
    expect(lifeMs).toBeLessThan(30 * DAY_MS + 60_000);
    expect(await works(cas, made['token'])).toBe(true);
  });

  it('prints the token alone on stdout for people, and the talk on stderr without it', async () => {
    using cas = new CasCommand();
    const { code, stdout, stderr } = await cas.run(['auth', 'token', 'create', 'ci']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cas_pat_\w{48}\n$/);
    expect(stderr).toContain('shown this once');
    expect(stderr).not.toContain(stdout.trim());
  });

  it('says where it makes a database, for people only', async () => {
    using cas = new CasCommand();
    expect((await cas.run(['auth', 'token', 'list'])).stderr).toContain(join(cas.dataDir, 'cas.sqlite'));
    expect((await cas.run(['auth', 'token', 'list'])).stderr).not.toContain('cas.sqlite');
  });

  it('takes scopes and models repeated or with commas, limits, and no expiry', async () => {
    using cas = new CasCommand();
    const rights = ['--scope', 'rank,encode', '--scope', 'search', '--model', 'a', '--model', 'b,c', '--never-expires'];
    const limits = ['--requests-per-minute', '5', '--items-per-day', '600', '--items-in-flight', '7'];
    expect(await cas.json(['auth', 'token', 'create', 'ci', ...rights, ...limits])).toMatchObject({
      scopes: ['encode', 'rank', 'search'],
      models: ['a', 'b', 'c'],
      limits: { requestsPerMinute: 5, itemsPerDay: 600, itemsInFlight: 7 },
      expiresAt: null,
    });
  });

  it('lists what works, and with --all what has ended; never a token', async () => {
    using cas = new CasCommand();
    const { token } = await cas.json(['auth', 'token', 'create', 'ci']);
    await cas.json(['auth', 'token', 'create', 'gone']);
    await cas.json(['auth', 'token', 'revoke', 'gone']);
    const listed = await cas.json(['auth', 'token', 'list']);
    expect(listed).toMatchObject({ tokens: [{ name: 'ci' }] });
    expect(JSON.stringify(listed)).not.toContain(String(token));
    const all = await cas.run(['auth', 'token', 'list', '--all']);
    expect(all.stdout).toMatch(/^NAME .*\n(gone +revoked .*\nci +active .*|ci +active .*\ngone +revoked .*)\n$/);
    expect(all.stdout).not.toContain(String(token));
  });

  it('rotates: the new token works, the old one for the grace only', async () => {
    using cas = new CasCommand();
    const first = await cas.json(['auth', 'token', 'create', 'ci']);
    const second = await cas.json(['auth', 'token', 'rotate', 'ci', '--grace', '1h']);
    expect(second['id']).toBe(first['id']);
    expect(await works(cas, first['token'])).toBe(true);
    const third = await cas.json(['auth', 'token', 'rotate', String(first['id']), '--grace', '0']);
    expect(await works(cas, second['token'])).toBe(false);
    expect(await works(cas, third['token'])).toBe(true);
  });

  it('revokes by name, id or public part', async () => {
    using cas = new CasCommand();
    for (const part of ['name', 'id', 'publicPart']) {
      const made = await cas.json(['auth', 'token', 'create', 'ci']);
      expect(await cas.json(['auth', 'token', 'revoke', String(made[part])])).toMatchObject({ status: 'revoked' });
      expect(await works(cas, made['token'])).toBe(false);
    }
  });

  it('restores one that was revoked, by name also where another of that name works', async () => {
    using cas = new CasCommand();
    const made = await cas.json(['auth', 'token', 'create', 'ci']);
    await cas.json(['auth', 'token', 'revoke', 'ci']);
    const other = await cas.json(['auth', 'token', 'create', 'ci']);
    const restored = await cas.json(['auth', 'token', 'restore', 'ci']);
    expect(restored).toMatchObject({ id: made['id'], status: 'active', revokedAt: null });
    expect(await works(cas, made['token'])).toBe(true);
    expect(await works(cas, other['token'])).toBe(true);
    expect(await cas.failure(['auth', 'token', 'restore', 'nosuch'])).toMatchObject({ code: 1 });
  });

  it('ends the grace of a rotation early; of a revoked token it refuses to', async () => {
    using cas = new CasCommand();
    const first = await cas.json(['auth', 'token', 'create', 'ci']);
    const second = await cas.json(['auth', 'token', 'rotate', 'ci', '--grace', '1h']);
    expect(await cas.json(['auth', 'token', 'end-grace', 'ci'])).toMatchObject({ graceUntil: null });
    expect(await works(cas, first['token'])).toBe(false);
    expect(await works(cas, second['token'])).toBe(true);
    await cas.json(['auth', 'token', 'revoke', 'ci']);
    expect(await cas.failure(['auth', 'token', 'end-grace', 'ci'])).toMatchObject({ code: 1 });
  });

  it('refuses a name that several tokens have, and lists their ids', async () => {
    using cas = new CasCommand();
    const [one, two] = [
      await cas.json(['auth', 'token', 'create', 'ci']),
      await cas.json(['auth', 'token', 'create', 'ci']),
    ];
    const { code, said } = await cas.failure(['auth', 'token', 'revoke', 'ci']);
    expect(code).toBe(1);
    expect(said).toContain(String(one['id']));
    expect(said).toContain(String(two['id']));
  });

  it('changes only what is given, and takes a limit away by none', async () => {
    using cas = new CasCommand();
    await cas.json(['auth', 'token', 'create', 'ci', '--model', 'a', '--items-per-day', '9', '--items-in-flight', '8']);
    const update = ['auth', 'token', 'update', 'ci', '--items-per-day', 'none', '--requests-per-minute', '3'];
    expect(await cas.json(update)).toMatchObject({ models: ['a'], limits: { itemsInFlight: 8, requestsPerMinute: 3 } });
    expect(await cas.json(['auth', 'token', 'update', 'ci', '--all-models'])).toMatchObject({ models: null });
    expect(await cas.json(['auth', 'token', 'rename', 'ci', 'build'])).toMatchObject({
      name: 'build',
      limits: { itemsInFlight: 8, requestsPerMinute: 3 },
    });
  });

  it('never repeats a whole token that is given where its name belongs', async () => {
    using cas = new CasCommand();
    const token = String((await cas.json(['auth', 'token', 'create', 'ci']))['token']);
    for (const args of [
      ['auth', 'token', 'revoke', token],
      ['auth', token],
      ['auth', 'token', 'list', token],
    ]) {
      const { code, said } = await cas.failure(args);
      expect(code).toBe(2);
      expect(said).not.toContain(token);
    }
  });
});

describe('exit codes', () => {
  it.each([
    ['a missing name', ['auth', 'token', 'create']],
    ['an unknown command', ['auth', 'token', 'destroy']],
    ['an unknown option', ['auth', 'token', 'list', '--everything']],
    ['days that are no number', ['auth', 'token', 'create', 'x', '-e', 'soon']],
    ['no days', ['auth', 'token', 'create', 'x', '-e', '0']],
    ['too many days', ['auth', 'token', 'create', 'x', '-e', '99999']],
    ['days and never', ['auth', 'token', 'create', 'x', '-e', '3', '--never-expires']],
    ['an unknown scope', ['auth', 'token', 'create', 'x', '--scope', 'everything']],
    ['an empty name', ['auth', 'token', 'create', ' ']],
    ['a wrong time', ['auth', 'token', 'rotate', 'x', '--grace', 'a while']],
    ['a URL together with this host', ['auth', 'token', 'list', '--local', '--url', 'http://127.0.0.1:1']],
    ['a URL that is none', ['auth', 'token', 'list', '--url', 'example']],
    ['the database of a server', ['database', 'status', '--url', 'http://127.0.0.1:1']],
    ['a back-up that is none', ['database', 'restore', 'nosuch.sqlite']],
    ['an e-mail address that is none', ['account', 'invite', 'ann']],
  ])('is 2 for %s', async (_, args) => {
    using cas = new CasCommand();
    expect(await cas.failure(args)).toMatchObject({ code: 2 });
  });

  it('is 2 for a wrong setting, which is named', async () => {
    using cas = new CasCommand();
    const { code, said } = await cas.failure(['auth', 'token', 'list'], { env: { CAS_PORT: 'many' } });
    expect(code).toBe(2);
    expect(said).toContain('CAS_PORT');
  });

  it('is 1 for a token that is not there', async () => {
    using cas = new CasCommand();
    expect(await cas.failure(['auth', 'token', 'revoke', 'nosuch'])).toMatchObject({ code: 1 });
  });

  it('is 5 for a database server that is not there, without its password', async () => {
    using cas = new CasCommand({ CAS_DATABASE_URL: 'postgres://cas:planted-secret@127.0.0.1:1/cas' });
    const { code, said } = await cas.failure(['auth', 'token', 'list']);
    expect(code).toBe(5);
    expect(said).not.toContain('planted-secret');
  });

  it('is 0 for help and version', async () => {
    using cas = new CasCommand();
    for (const args of [['--help'], ['auth', 'token', 'create', '--help'], ['--version']]) {
      const { code, stdout, stderr } = await cas.run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
  });
});

describe('cas database', () => {
  it('tells the state without making anything, migrates, backs up and restores', async () => {
    using cas = new CasCommand();
    expect(await cas.json(['database', 'status'])).toMatchObject({ dialect: 'sqlite', exists: false, applied: [] });
    const { applied } = await cas.json(['database', 'migrate']);
    expect(await cas.json(['database', 'status'])).toMatchObject({ exists: true, applied, missing: [] });
    const { token } = await cas.json(['auth', 'token', 'create', 'kept']);
    const backup = await cas.json(['database', 'backup', 'copy.sqlite']);
    expect(backup['bytes']).toBe(statSync(join(cas.folder, 'copy.sqlite')).size);
    expect(await cas.failure(['database', 'backup', 'copy.sqlite'])).toMatchObject({ code: 1 });
    await cas.json(['auth', 'token', 'create', 'lost']);
    const restored = await cas.json(['database', 'restore', 'copy.sqlite']);
    expect(statSync(String(restored['keptAside'])).isFile()).toBe(true);
    expect(await cas.json(['auth', 'token', 'list'])).toMatchObject({ tokens: [{ name: 'kept' }] });
    expect(await works(cas, token)).toBe(true);
  });

  it('is that of the settings in cas.yml of the folder', async () => {
    using cas = new CasCommand();
    writeFileSync(join(cas.folder, 'cas.yml'), 'data_dir: elsewhere\n');
    await cas.json(['database', 'migrate']);
    expect(statSync(join(cas.folder, 'elsewhere/cas.sqlite')).isFile()).toBe(true);
  });
});

describe.skipIf(!postgresAvailable)('on PostgreSQL', () => {
  it('works on the database of CAS_DATABASE_URL, whose back-up is for its own tools', async () => {
    await using postgres = await startPostgres();
    using cas = new CasCommand({ CAS_DATABASE_URL: await postgres.createDatabase() });
    await cas.json(['auth', 'token', 'create', 'ci']);
    expect(await cas.json(['auth', 'token', 'revoke', 'ci'])).toMatchObject({ status: 'revoked' });
    expect(await cas.json(['audit', 'verify'])).toMatchObject({ ok: true, events: 2 });
    expect(await cas.json(['database', 'status'])).toMatchObject({ dialect: 'postgres', missing: [] });
    expect(await cas.failure(['database', 'backup', 'copy'])).toMatchObject({ code: 2 });
  });
});

describe('cas account', () => {
  it('makes links for the first owner, for invitations and for new passwords', async () => {
    using cas = new CasCommand({ CAS_ADMIN_URL: 'https://cas.example.com/' });
    expect((await cas.json(['account', 'setup-link']))['url']).toMatch(/^https:\/\/cas\.example\.com\/setup#\S{20,}$/);
    const invite = ['account', 'invite', 'Ann@Example.com', '--role', 'owner'];
    const invited = await cas.json(invite);
    expect(invited).toMatchObject({ email: 'ann@example.com', name: 'ann', role: 'owner', status: 'invited' });
    expect(invited['url']).toMatch(/^https:\/\/cas\.example\.com\/invite#\S{20,}$/);
    expect(await cas.failure(invite)).toMatchObject({ code: 1 });
    const reset = await cas.run(['account', 'reset-link', 'ann@example.com']);
    expect(reset.stdout).toMatch(/^https:\/\/cas\.example\.com\/reset#\S{20,}\n$/);
    expect(await cas.failure(['account', 'setup-link'])).toMatchObject({ code: 1 });
    expect(await cas.json(['account', 'list'])).toMatchObject({ accounts: [{ email: 'ann@example.com' }] });
    const { stdout } = await cas.run(['audit', 'export']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string; actorKind: string });
    expect(events.map(({ action, actorKind }) => [action, actorKind])).toContainEqual(['account.setup-link', 'host']);
  });
});

describe('cas audit', () => {
  it('verifies the trail and its export, and tells when the export was changed', async () => {
    using cas = new CasCommand();
    const { token, id } = await cas.json(['auth', 'token', 'create', 'ci']);
    await cas.json(['auth', 'token', 'revoke', 'ci']);
    const verified = await cas.json(['audit', 'verify']);
    expect(verified).toMatchObject({ ok: true, events: 2 });
    await cas.json(['audit', 'export', '-o', 'trail.jsonl']);
    const text = readFileSync(join(cas.folder, 'trail.jsonl'), 'utf8');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).action),
    ).toEqual(['token.create', 'token.revoke']);
    expect(text).toContain(String(id));
    expect(text).not.toContain(String(token));
    expect(await cas.json(['audit', 'verify', 'trail.jsonl'])).toMatchObject({ ok: true, events: 2 });
    writeFileSync(join(cas.folder, 'forged.jsonl'), text.replace('token.revoke', 'token.update'));
    const { code, stdout } = await cas.run(['audit', 'verify', 'forged.jsonl', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, seq: 2 });
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer } from '../support/server.js';

const run = promisify(execFile);
const support = join(import.meta.dirname, 'support');
const isolation = join(support, 'isolated-network.sh');
const node = process.execPath;
const built = (app: string) => join(repositoryRoot, `dist/apps/${app}/src/main.js`);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-outgoing-'));
  mkdirSync(join(folder, 'home'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command where packets that leave the machine are counted; `env` on top of a bare environment. */
async function isolated(command: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run('bash', [isolation, ...command], {
    cwd: repositoryRoot,
    env: {
      ...{ PATH: process.env.PATH, HOME: join(folder, 'home'), TMPDIR: tmpdir(), CAS_DATA_DIR: join(folder, 'data') },
      ...{ CAS_PORT: '0', CAS_OPS_PORT: '0', CAS_ADMIN_PORT: '0', CAS_LOG_FORMAT: 'json', ...env },
    },
  });
  return stdout;
}

const filesAtHome = () => readdirSync(join(folder, 'home'), { recursive: true });

/** Namespaces need Linux, and root or a kernel that lets users make them; CI has both. */
const canIsolate = process.env.CI !== undefined || spawnSync('bash', [isolation, 'true']).status === 0;

describe.skipIf(!canIsolate)('what leaves the machine', () => {
  it('is seen by this test at all: the look-up of a name', async () => {
    const lookUp = "require('node:dns').lookup('name.invalid', () => process.exit(0))";
    expect(await isolated([node, '-e', lookUp])).not.toContain('packets sent: 0');
  });

  it.each<[string, Record<string, string>]>([
    ['with defaults', {}],
    ['offline', { CAS_OFFLINE: 'true' }],
    ['in an environment that asks for the telemetry of ONNX Runtime', { ORT_DISABLE_TELEMETRY: '0' }],
  ])('is nothing, and nothing is left at home, when the service runs %s', async (_name, env) => {
    const output = await isolated(['bash', join(support, 'serve-once.sh'), node, built('standalone')], env);
    expect(output).toContain('embeddings: 2');
    expect(output).toContain('packets sent: 0');
    expect(filesAtHome()).toEqual([]);
  });

  it('is nothing when two models are compared by the command line', async () => {
    const output = await isolated([node, built('cli'), 'models', 'compare', 'mini-clip', 'mini-clip']);
    expect(output).toContain('packets sent: 0');
    expect(filesAtHome()).toEqual([]);
  });

  it('is nothing when the benchmark runs', { timeout: 240_000 }, async () => {
    const load = ['--quick', '--seconds', '0.1', '--only', 'text/clip.v1/1x1'];
    const output = await isolated([node, 'test/bench/run.ts', ...load]);
    expect(output).toMatch(/^\| clip\.v1 .*\|$/m);
    expect(output).toContain('packets sent: 0');
    expect(filesAtHome()).toEqual([]);
  });
});

describe('a server that fetches no URLs', () => {
  it('refuses them and takes pictures that are sent', async () => {
    await using server = await startServer({ env: { CAS_FETCH_URLS: 'false', CAS_ALLOW_PRIVATE_FETCH: 'true' } });
    const ask = (input: object) =>
      fetch(server.http('/v1/embeddings'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ input }),
      });
    const refused = await ask({ image_url: server.ops('/health/live') });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(
      'This server does not fetch images by URL (CAS_FETCH_URLS is off). Send the image itself.',
    );
    const image = readFileSync(join(repositoryRoot, 'test/fixtures/count-1.png')).toString('base64');
    expect((await ask({ image })).status).toBe(200);
  });
});

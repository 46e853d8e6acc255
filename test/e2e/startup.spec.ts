import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { repositoryRoot, runServerToEnd, startServer } from '../support/server.js';
import { replicasOf } from './support/server-process.js';

/** Runs a start that must fail, and gives what it said: for an operator, so no stack. */
async function refusedStart(env: Record<string, string>, args: string[] = []): Promise<string> {
  const { code, text } = await runServerToEnd({ env, args });
  expect(code, text).not.toBe(0);
  expect(code, text).not.toBeNull();
  expect(text).not.toMatch(/^\s+at /m);
  return text;
}

describe('a start that cannot be', () => {
  it.each(['CAS_PORT', 'CAS_OPS_PORT', 'CAS_ADMIN_PORT'])('names the port when %s is in use', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const text = await refusedStart({ [name]: String(port) });
    other.close();
    expect(text).toContain(String(port));
    expect(text).toContain(name);
    expect(text).toMatch(/in use/);
  });

  it('names every port in use and every folder that cannot hold files in one message, before anything is loaded', async () => {
    const settings = ['CAS_PORT', 'CAS_OPS_PORT', 'CAS_ADMIN_PORT'];
    const others = await Promise.all(settings.map(async () => listening()));
    const ports = others.map((other) => (other.address() as AddressInfo).port);
    const env = Object.fromEntries(settings.map((name, at) => [name, String(ports[at])]));
    const { code, text } = await runServerToEnd({ env: { ...env, CAS_DATA_DIR: NO_FOLDER, CAS_MODEL: 'nope' } });
    for (const other of others) other.close();
    expect(code).toBe(78);
    expect(text).toMatch(/^4 settings are wrong:$/m);
    for (const [at, name] of settings.entries())
      expect(text).toContain(`${name}: port ${ports[at]} of 127.0.0.1 is in use`);
    expect(text).toContain(`CAS_DATA_DIR: ${NO_FOLDER} cannot be written by this user`);
    expect(text).not.toContain('"replica"');
  });

  it.skipIf(!existsSync('/proc/self'))('ends where a file system takes no folders, and does not hang', async () => {
    const { code, text } = await runServerToEnd({ env: { CAS_DATA_DIR: '/proc/no-such/data' } });
    expect([code, text]).toEqual([78, expect.stringContaining('CAS_DATA_DIR: /proc/no-such/data cannot be written')]);
  });

  it('with nothing on the disk but what was there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cas-data-'));
    const other = await listening();
    await refusedStart({ CAS_DATA_DIR: folder, CAS_PORT: String((other.address() as AddressInfo).port) });
    other.close();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('lists every wrong setting at once, with what is allowed', async () => {
    const text = await refusedStart({
      CAS_PORT: '99999',
      CAS_REPLICAS: 'many',
      CAS_LOG_LEVEL: 'loud',
      CAS_NOSUCH: '1',
    });
    for (const name of ['CAS_PORT', 'CAS_REPLICAS', 'CAS_LOG_LEVEL', 'CAS_NOSUCH']) expect(text).toContain(name);
    expect(text).toContain('65535');
    expect(text).toContain('silent');
  });

  it('names the model and the device that are not there, together', async () => {
    const { code, text } = await runServerToEnd({ env: { CAS_MODEL: 'mini-clp', CAS_DEVICES: 'cuda:9' } });
    expect(code).toBe(78);
    expect(text).toContain('There is no model "mini-clp"');
    expect(text).toContain('Did you mean mini-clip?');
    expect(text).toContain('cuda:9');
  });

  it('names the folder of models that is not there', async () => {
    const text = await refusedStart({ CAS_MODEL_DIR: '/nosuch/models' });
    expect(text).toContain('/nosuch/models');
  });

  it('names the device that is not there', async () => {
    expect(await refusedStart({ CAS_DEVICES: 'cuda:0' })).toContain('cuda:0');
  });

  it('names the folder that cannot hold its database', async () => {
    expect(await refusedStart({ CAS_DATA_DIR: join(repositoryRoot, 'package.json/data') })).toContain('CAS_DATA_DIR');
  });

  it('names the database server that is not there, and not its password', async () => {
    const text = await refusedStart({ CAS_DATABASE_URL: 'postgres://cas:planted-secret@127.0.0.1:1/cas' });
    expect(text).toContain('CAS_DATABASE_URL');
    expect(text).not.toContain('planted-secret');
  });

  it('refuses a certificate without its key', async () => {
    expect(await refusedStart({ CAS_TLS_CERT: '/nosuch/server.crt' })).toContain('CAS_TLS_KEY');
  });
});

/** Below a file, so that nobody can make it. */
const NO_FOLDER = join(repositoryRoot, 'package.json/data');

async function listening(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('the command line', () => {
  it('--help lists every setting and ends with 0', async () => {
    const { code, text } = await runServerToEnd({ args: ['--help'] });
    expect(code).toBe(0);
    for (const name of ['CAS_PORT', '--ops-port', 'CAS_MODEL', 'CAS_TLS_CERT', 'CAS_ALLOW_PRIVATE_FETCH']) {
      expect(text).toContain(name);
    }
  });

  it('a flag wins over the environment', async () => {
    await using server = await startServer({ env: { CAS_REPLICAS: '1' }, args: ['--replicas', '2'] });
    expect(replicasOf(server)).toHaveLength(2);
  });

  it('says that it is ready in one JSON line that holds the ports', async () => {
    await using server = await startServer();
    expect(server.logs().find((line) => line['msg'] === 'ready')).toMatchObject({
      port: server.port,
      opsPort: server.opsPort,
    });
    expect(server.port).not.toBe(server.opsPort);
  });
});

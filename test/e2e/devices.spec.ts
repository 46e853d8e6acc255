import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runServerToEnd, startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';
import { FakeCards, hasCudaLibraries, l4 } from './support/fake-cards.js';
import { ModelAdmin, type ModelBody } from './support/model-admin.js';
import { replicasOf } from './support/server-process.js';

const MINI: ModelBody = { name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true };
const ON_CARD: ModelBody = { ...MINI, devices: ['cuda:0'] };
const NO_DRIVER =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.";

/** What a start says that must fail because of its devices, before any replica was started. */
async function refusedStart(cards: FakeCards, env: Record<string, string>, status = 78): Promise<string> {
  const { code, text } = await runServerToEnd({ env: { ...cards.env, ...env } });
  expect(code, text).toBe(status);
  expect(text).not.toContain('"replica"');
  expect(text).not.toMatch(/^\s+at /m);
  return text;
}

describe('a start on a device that cannot be used', () => {
  it('ends at once when the driver does not work', async () => {
    using cards = new FakeCards([NO_DRIVER], 9);
    const text = await refusedStart(cards, { CAS_DEVICES: 'cuda:0' }, hasCudaLibraries() ? 1 : 78);
    expect(text).toContain('mini-clip cannot be placed on cuda:0. The NVIDIA driver does not work here');
    expect(text).toContain("couldn't communicate with the NVIDIA driver");
  });

  it('names the cards that are there instead', async () => {
    using cards = new FakeCards([l4(0, 22_000)]);
    const text = await refusedStart(cards, { CAS_DEVICES: 'cuda:0,tensorrt:1', CAS_REPLICAS: '2' });
    expect(text).toContain('tensorrt:1 is not there. This process sees 1 card: cuda:0 NVIDIA L4.');
  });

  it('says that CUDA_VISIBLE_DEVICES hides it', async () => {
    using cards = new FakeCards([l4(0, 22_000)]);
    const text = await refusedStart(cards, { CAS_DEVICES: 'cuda:0', CUDA_VISIBLE_DEVICES: '-1' });
    expect(text).toContain('CUDA_VISIBLE_DEVICES="-1" hides 1 of this machine');
  });

  it('says that memory does not suffice, and which libraries are missing', async () => {
    using cards = new FakeCards([l4(0, 300)]);
    const text = await refusedStart(cards, { CAS_DEVICES: 'cuda:0' }, hasCudaLibraries() ? 1 : 78);
    expect(text).toContain('cuda:0 NVIDIA L4 has 0.3 GB free, and 1 new replica needs at least');
    expect(text.includes('ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install')).toBe(
      !hasCudaLibraries(),
    );
  });
});

describe('the devices of a server', () => {
  it('are told by the admin API as they are now', async () => {
    using cards = new FakeCards([l4(0, 22_000), l4(1, 500)]);
    await using server = await startServer({ env: { ...cards.env, CUDA_VISIBLE_DEVICES: '1' } });
    const admin = await ModelAdmin.of(server);
    const devices = async () => (await admin.send('GET', '/api/devices')).json<Record<string, unknown>>();
    expect(await devices()).toMatchObject({
      cpu: { cores: expect.any(Number), memoryTotalBytes: expect.any(Number) },
      cards: [
        { device: 'cuda:0', name: 'NVIDIA L4', memoryFreeBytes: 500 * 2 ** 20, driverVersion: '580.65.06' },
        { device: null, memoryFreeBytes: 22_000 * 2 ** 20 },
      ],
      libraries: { cuda: hasCudaLibraries() },
      note: expect.stringContaining('CUDA_VISIBLE_DEVICES="1" hides 1'),
    });
    cards.say([NO_DRIVER], 9);
    expect(await devices()).toMatchObject({ cards: [], note: expect.stringContaining('does not work') });
  });

  it('are looked at before a change is planned or asked for', async () => {
    using cards = new FakeCards([l4(0, 100)]);
    await using server = await startServer({ env: cards.env });
    const admin = await ModelAdmin.of(server);
    for (const [method, path] of [['POST', '/api/models/plan'] as const, ['PUT', '/api/models'] as const]) {
      const answer = await admin.send(method, path, { models: [ON_CARD] });
      // What is missing for good is a mistake, memory may be free later.
      const [status, code] = hasCudaLibraries() ? [503, 'unavailable'] : [422, 'invalid_argument'];
      expect(answer.status, answer.text).toBe(status);
      const message = 'mini-clip cannot be placed on cuda:0. cuda:0 NVIDIA L4 has 0.1 GB free';
      expect(answer.json()).toMatchObject({
        error: { code, message: expect.stringContaining(message) },
      });
    }
    expect((await admin.view()).desired.version).toBe(1);
    expect(await admin.plan([MINI])).toEqual([]);
  });

  it('are looked at once more by the step that would start replicas, and what serves goes on', async () => {
    using cards = new FakeCards([l4(0, 100)]);
    await using server = await startServer({ env: cards.env });
    const here = await ModelAdmin.of(server);
    await using elsewhere = await startServer({ app: 'admin', env: { ...cards.env, CAS_DATA_DIR: server.dataDir } });
    const there = await ModelAdmin.logIn(elsewhere);
    expect((await there.send('GET', '/api/devices')).json()).toMatchObject({ cpu: null, cards: [] });
    expect(await there.plan([ON_CARD])).toContain('Add a replica of mini-clip on cuda:0, and wait until it is ready.');
    const actual = await here.settled(await there.apply([ON_CARD]));
    expect(actual).toMatchObject({
      state: 'failed',
      step: 'Add a replica of mini-clip on cuda:0, and wait until it is ready.',
      reason: expect.stringContaining('cuda:0 NVIDIA L4 has 0.1 GB free'),
      models: [{ name: 'mini-clip', state: 'ready', replicas: [{ state: 'ready' }] }],
    });
  });
});

describe('the replicas of a server', () => {
  const environmentOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');

  it('number the cards as nvidia-smi does', async () => {
    await using server = await startServer({ env: { CUDA_DEVICE_ORDER: undefined } });
    expect(replicasOf(server).map(environmentOf)).toEqual([expect.arrayContaining(['CUDA_DEVICE_ORDER=PCI_BUS_ID'])]);
  });

  it('number them otherwise where the operator says so', async () => {
    await using server = await startServer({ env: { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' } });
    expect(replicasOf(server).map(environmentOf)).toEqual([
      expect.arrayContaining(['CUDA_DEVICE_ORDER=FASTEST_FIRST']),
    ]);
  });
});

describe('cas devices', () => {
  it('shows what a service on this host could use', async () => {
    using cards = new FakeCards([l4(0, 22_000), l4(1, 500)]);
    using cas = new CasCommand();
    const env = { PATH: cards.env.PATH, CUDA_VISIBLE_DEVICES: '1' };
    const { code, stdout, stderr } = await cas.run(['devices'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^DEVICE +NAME +MEMORY +FREE +DRIVER +COMPUTE\ncpu +\d+ cores +[\d.]+ GB +[\d.]+ GB\n/);
    expect(stdout).toMatch(/^cuda:0 +NVIDIA L4 +24\.2 GB +0\.5 GB +580\.65\.06 +8\.9$/m);
    expect(stdout).toMatch(/^hidden +NVIDIA L4 +24\.2 GB +23\.1 GB/m);
    expect(stdout).toContain('CUDA_VISIBLE_DEVICES="1" hides 1 of this machine.');
    expect(await cas.json(['devices'], { env })).toMatchObject({
      cards: [{ device: 'cuda:0' }, { device: null }],
      libraries: { cuda: hasCudaLibraries() },
    });
  });

  it('says why there are none, and looks at no other host', async () => {
    using cards = new FakeCards(['No devices were found'], 6);
    using cas = new CasCommand();
    const { stdout } = await cas.run(['devices'], { env: { PATH: cards.env.PATH } });
    expect(stdout).toContain('The NVIDIA driver is here and has no card. Models run on the CPU.');
    expect((await cas.failure(['devices', '--url', 'http://127.0.0.1:1'])).code).toBe(2);
  });
});

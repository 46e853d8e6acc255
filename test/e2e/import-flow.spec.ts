import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runServerToEnd, startServer } from '../support/server.js';
import { CasCommand } from './support/cas-command.js';
import { call } from './support/http-call.js';

const flow = `
jtype: Flow
version: '1'
with:
  port: 51000
  protocol: [grpc, http]
  cors: true
  prefetch: 10
executors:
  - name: clip_t
    replicas: 3
    env: {CUDA_VISIBLE_DEVICES: 'RR0:2'}
    uses:
      jtype: CLIPEncoder
      with: {name: 'ViT-L-14::openai', device: cuda, minibatch_size: 16, num_worker_preprocess: 8}
      metas: {py_modules: [clip_server.executors.clip_torch]}
  - name: indexer
    uses: {jtype: AnnLiteIndexer, with: {dim: 768}}
`;

function folderWith(text: string): CasCommand {
  const cas = new CasCommand();
  writeFileSync(join(cas.folder, 'flow.yml'), text);
  return cas;
}

describe('cas import-flow', () => {
  it('prints the settings alone on stdout, and a line for each thing that is lost on stderr', async () => {
    using cas = folderWith(flow);
    const { code, stdout, stderr } = await cas.run(['import-flow', 'flow.yml']);
    expect(code).toBe(0);
    const settings = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(settings).toEqual([
      'port: 51000',
      "cors_origins: '*'",
      'stream_in_flight_max: 10',
      'model: ViT-L-14::openai',
      'batch_items_max: 16',
      'replicas: 3',
      'devices: [cuda:0, cuda:1]',
    ]);
    const lost = stderr.trimEnd().split('\n');
    expect(lost).toHaveLength(3);
    for (const line of lost) expect(line).toMatch(/^not carried over: \S.*: \S/);
    expect(stderr).toContain('executors[0].uses.with.num_worker_preprocess');
    expect(stderr).toContain('AnnLiteIndexer');
    expect(existsSync(cas.dataDir)).toBe(false);
  });

  it('writes a file that the service starts with, and never over another', async () => {
    using cas = folderWith(
      'jtype: Flow\nwith: {port: 0}\nexecutors: [{uses: CLIPEncoder, replicas: 2, uses_with: {name: mini-clip}}]',
    );
    expect((await cas.run(['import-flow', 'flow.yml', '-o', 'cas.yml'])).stdout).toBe('');
    const file = join(cas.folder, 'cas.yml');
    await using server = await startServer({ args: ['--config', file], env: { CAS_PORT: undefined } });
    const { text } = await call(server.ops('/metrics'));
    expect(text).toMatch(/^clip_replicas\{model="mini-clip"\} 2$/m);
    const before = readFileSync(file, 'utf8');
    const { code, said } = await cas.failure(['import-flow', 'flow.yml', '-o', 'cas.yml']);
    expect([code, said]).toEqual([1, expect.stringMatching(/exists already/)]);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('gives programs one JSON object', async () => {
    using cas = folderWith(flow);
    const answer = await cas.json(['import-flow', 'flow.yml']);
    expect(answer).toMatchObject({
      file: null,
      settings: { port: 51000, replicas: 3, devices: ['cuda:0', 'cuda:1'] },
      problems: [],
      yaml: expect.stringContaining('port: 51000') as string,
    });
    expect(answer['notCarriedOver']).toContainEqual({
      where: 'executors[0].uses.with.num_worker_preprocess',
      why: expect.any(String) as string,
    });
  });

  it('takes the number of GPUs, or says that it needs it', async () => {
    using cas = folderWith('executors: [{uses: CLIPEncoder, env: {CUDA_VISIBLE_DEVICES: RR}}]');
    const told = await cas.json(['import-flow', 'flow.yml', '--gpus', '3']);
    expect(told['settings']).toMatchObject({ devices: ['cuda:0', 'cuda:1', 'cuda:2'] });
    const other = await cas.json(['import-flow', 'flow.yml'], { env: { PATH: '/nowhere' } });
    expect(JSON.stringify(other['notCarriedOver'])).toContain('--gpus');
    expect((await cas.failure(['import-flow', 'flow.yml', '--gpus', 'many'])).code).toBe(2);
  });

  it('says when the service would not start with the result', async () => {
    using cas = folderWith(
      'with: {port: 8443, ssl_certfile: a.pem, ssl_keyfile: b.pem}\nexecutors: [{uses: CLIPEncoder}]',
    );
    const { code, stderr } = await cas.run(['import-flow', 'flow.yml', '-o', 'cas.yml']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/would not start with it here: CAS_TLS_CERT is .*a\.pem/),
    ]);
    const start = await runServerToEnd({ args: ['--config', join(cas.folder, 'cas.yml')] });
    expect(start.text).toContain('a.pem');
  });

  it.each([
    ['no Flow', 'services: {}'],
    ['code', 'executors: !!js/function "function () {}"'],
    [
      'an alias bomb',
      `executors: []\na: &a [x]\n${Array.from(
        { length: 9 },
        (_, at) =>
          `b${at}: &b${at} [${Array(9)
            .fill(at === 0 ? '*a' : `*b${at - 1}`)
            .join(',')}]`,
      ).join('\n')}`,
    ],
    ['too much', 'x'.repeat(2_000_000)],
  ])('refuses %s in a sentence, at once', async (_name, text) => {
    using cas = folderWith(text);
    const { code, said } = await cas.failure(['import-flow', 'flow.yml']);
    expect(code).toBe(2);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });

  it('refuses what is no file', async () => {
    using cas = new CasCommand();
    mkdirSync(join(cas.folder, 'folder'));
    for (const name of ['missing.yml', 'folder', '/dev/zero']) {
      const { code, said } = await cas.failure(['import-flow', name]);
      expect([code, said]).toEqual([2, expect.stringMatching(/cannot be read: it is no[ t]/)]);
    }
  });
});

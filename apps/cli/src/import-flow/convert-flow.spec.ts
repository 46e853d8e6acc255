import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '#config';
import { problemsOf } from './settings-file.js';
import { convert, flowOf, here, type Surroundings } from './testing/converted.js';

/** What the service makes of the file. */
function load(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'cas-flow-'));
  try {
    writeFileSync(join(folder, 'cas.yml'), yaml);
    return loadSettings([], {}, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The three Flows that come with the Python server differ in the file of the executor only. */
const builtIn = (module: string) => `
jtype: Flow
version: '1'
with:
  port: 51000
executors:
  - name: clip
    uses:
      jtype: CLIPEncoder
      metas:
        py_modules:
          - clip_server.executors.${module}
    timeout_ready: 3000000
    replicas: 1
`;

describe('convertFlow', () => {
  it.each([
    ['clip_torch', {}],
    ['clip_onnx', {}],
    ['clip_tensorrt', { devices: ['tensorrt:0'] }],
  ])('reads the Flow of %s that comes with the Python server', (module, devices) => {
    const { settings, yaml } = convert(builtIn(module));
    expect(settings).toEqual({ port: 51000, model: 'ViT-B-32::openai', replicas: 1, ...devices });
    expect(load(yaml)).toMatchObject({ port: 51000, model: 'ViT-B-32::openai', replicas: 1 });
  });

  it('carries over all that has a place here, into a file that the service reads as meant', () => {
    const flow = `
      with: {port: 51010, protocol: [grpc, http, websocket], cors: true, prefetch: 20, monitoring: true, port_monitoring: 9101}
      executors:
        - name: clip
          replicas: 5
          env: {CUDA_VISIBLE_DEVICES: 'RR0:2', JINA_LOG_LEVEL: WARNING}
          uses: {jtype: CLIPEncoder, with: {name: 'ViT-L-14::laion2b-s32b-b82k', device: cuda, minibatch_size: 16}}`;
    expect(load(convert(flow).yaml)).toMatchObject({
      port: 51010,
      corsOrigins: ['*'],
      streamInFlightMax: 20,
      opsPort: 9101,
      model: 'ViT-L-14::laion2b-s32b-b82k',
      replicas: 5,
      devices: ['cuda:0', 'cuda:1'],
      batchItemsMax: 16,
      logLevel: 'warn',
    });
    expect(Object.keys(convert(flow).left)).toEqual(['with.host (default 0.0.0.0)']);
  });

  it('makes the paths of TLS files absolute, from the folder of the Flow, and says when they are not there', async () => {
    const { settings, yaml } = convert(
      flowOf('name: a', 'port: 8443, ssl_certfile: tls/a.pem, ssl_keyfile: /keys/b.pem'),
    );
    expect(settings).toMatchObject({ tls_cert: '/flows/tls/a.pem', tls_key: '/keys/b.pem' });
    expect((await problemsOf(yaml, here)).join()).toContain('/flows/tls/a.pem');
    const alone = convert(flowOf('name: a', 'ssl_certfile: a.pem'));
    expect(alone.settings).not.toHaveProperty('tls_cert');
    expect(alone.left['with.ssl_certfile']).toMatch(/TLS needs/);
  });

  it.each<[string, string, Surroundings, readonly string[] | undefined]>([
    ['cpu', 'uses_with: {device: cpu}', {}, ['cpu']],
    ['cuda', 'uses_with: {device: cuda}', {}, ['cuda:0']],
    ['cuda:3', 'uses_with: {device: "cuda:3"}', {}, ['cuda:3']],
    ['none, no GPU', 'name: a', {}, undefined],
    ['none, a GPU', 'name: a', { gpus: 2 }, ['cuda:0']],
    ['RR', 'env: {CUDA_VISIBLE_DEVICES: RR}', { gpus: 3 }, ['cuda:0', 'cuda:1', 'cuda:2']],
    ['RR of the process', 'name: a', { gpus: 2, env: { CUDA_VISIBLE_DEVICES: 'RR' } }, ['cuda:0', 'cuda:1']],
    [
      'the Flow before the process',
      'env: {CUDA_VISIBLE_DEVICES: 1}',
      { env: { CUDA_VISIBLE_DEVICES: '5' } },
      ['cuda:1'],
    ],
    ['a list', 'env: {CUDA_VISIBLE_DEVICES: "0,2"}', {}, ['cuda:0', 'cuda:2']],
    ['a list as a list', 'env: {CUDA_VISIBLE_DEVICES: [0, 2]}', {}, ['cuda:0', 'cuda:2']],
    ['cuda:1 of a list', 'uses_with: {device: "cuda:1"}, env: {CUDA_VISIBLE_DEVICES: "4,6"}', {}, ['cuda:6']],
    ['no GPU', 'env: {CUDA_VISIBLE_DEVICES: ""}', {}, ['cpu']],
    ['cpu in spite of a list', 'uses_with: {device: cpu}, env: {CUDA_VISIBLE_DEVICES: RR}', {}, ['cpu']],
    ['unknown', 'uses_with: {device: mps}', {}, undefined],
  ])('sets the devices for %s', (_name, encoder, surroundings, devices) => {
    const { settings, yaml } = convert(flowOf(encoder), surroundings);
    expect(settings['devices']).toEqual(devices);
    expect(load(yaml).devices).toEqual(devices ?? ['cpu']);
  });

  it('takes variables of the Flow’s env and of ${{ ENV.NAME }}, and tells which are missing', () => {
    const flow = flowOf(
      'replicas: $COPIES, uses_with: {name: "${{ CONTEXT.model }}"}',
      'port: "${{ ENV.PORT }}", cors: "${{ ENV.NO }}"',
    );
    const { settings, left } = convert(flow, { env: { PORT: '51009', COPIES: '3' } });
    expect(settings).toMatchObject({ port: 51009, replicas: 3, model: 'RN50::openai' });
    expect(left['with.cors']).toContain('the variable NO');
    expect(left['executors[0].uses_with.name']).toContain('the context variable model');
  });

  it('names every thing that cannot be carried over, with the reason', () => {
    const flow = `
      with: {host: 0.0.0.0, port: [51000, 51001], protocol: [grpc, http], prefetch: 50000, tracing: true, unheard: 1, uvicorn_kwargs: {ssl_keyfile_password: secret}}
      jcloud: {version: 3}
      executors:
        - uses: {jtype: CLIPEncoder, with: {jit: true, dtype: float16, num_worker_preprocess: 4, access_paths: '@c', constructor: 1}}
          replicas: 2.5
          shards: 2
          env: {OMP_NUM_THREADS: 4}
          toString: 1
        - {name: search, uses: {jtype: AnnLiteIndexer, with: {dim: 512}}, workspace: ./w}
        - {name: other, uses: {jtype: CLIPEncoder, with: {name: RN50}}}
        - other.yml`;
    const { settings, left, yaml } = convert(flow);
    expect(Object.keys(left).sort()).toEqual(
      [
        ...[
          'with.host',
          'with.port[1]: 51001 (http)',
          'with.prefetch',
          'with.tracing',
          'with.unheard',
          'with.uvicorn_kwargs',
        ],
        ...['jit', 'dtype', 'num_worker_preprocess', 'access_paths', 'constructor'].map(
          (key) => `executors[0].uses.with.${key}`,
        ),
        ...[
          'executors[0].replicas',
          'executors[0].shards',
          'executors[0].env.OMP_NUM_THREADS',
          'executors[0].toString',
        ],
        ...['executors[0].uses.with.device (none)', 'executors[1] (AnnLiteIndexer)', 'executors[2] (CLIPEncoder)'],
        ...['executors[3]', 'jcloud'],
      ].sort(),
    );
    for (const why of Object.values(left)) expect(why).toMatch(/^[^\n]{10,}$/);
    expect(JSON.stringify({ left, yaml })).not.toContain('secret');
    expect(settings).toEqual({ host: '0.0.0.0', port: 51000, stream_in_flight_max: 10_000, model: 'ViT-B-32::openai' });
  });

  it('names what stands beside the arguments, in uses, in metas and at the executor, and what is in the wrong place', () => {
    const { left } = convert(`
      with: {port: 1, host: 127.0.0.1, note: null}
      deployments: [{uses: CLIPEncoder}]
      executors:
        - uses: {jtype: CLIPEncoder, requests: {/a: b}, dynamic_batching: {a: 1}, metas: {workspace: w, name: a}}
          uses_with: {device: cpu}
          uses_metas: {workspace: v, py_modules: a.py}
          requests: {/a: b}
          with: {name: RN50}
          env: [OMP_NUM_THREADS=1]
          workspace: null
          shards: '1'`);
    expect(Object.keys(left).sort()).toEqual(
      [
        ...['deployments', 'executors[0].env', 'executors[0].requests', 'executors[0].with'],
        ...['executors[0].uses.requests', 'executors[0].uses.dynamic_batching', 'executors[0].uses.metas.workspace'],
        'executors[0].uses_metas.workspace',
      ].sort(),
    );
  });

  it.each(['gateway: mine.yml', 'with: mine.yml', 'gateway: [{port: 1}]'])('tells that %s is not read', (part) => {
    expect(convert(`${part}\nexecutors: [{uses: CLIPEncoder}]`).left).toHaveProperty(part.split(':')[0] ?? '');
  });

  it('reads or names every variable, of the Flow, of the gateway and of the encoder, with or without an encoder', () => {
    const parts = 'with: {env: {A: 1}}\ngateway: {env: {B: 1, JINA_LOG_LEVEL: debug, CUDA_VISIBLE_DEVICES: 3}}';
    const alone = convert(`${parts}\nexecutors: []`);
    expect(alone.settings).toEqual({ log_level: 'debug' });
    expect(Object.keys(alone.left)).toEqual(expect.arrayContaining(['with.env.A', 'gateway.env.B']));
    const both = convert(`${parts}\nexecutors: [{uses: CLIPEncoder, env: {A: 2, JINA_LOG_LEVEL: ERROR}}]`);
    expect(both.settings).toEqual({ model: 'ViT-B-32::openai', log_level: 'error' });
    const told = ['with.env.A', 'gateway.env.B', 'gateway.env.JINA_LOG_LEVEL', 'executors[0].env.A'];
    expect(Object.keys(both.left)).toEqual(expect.arrayContaining(told));
  });

  it('reads values that a variable gave as texts like those that stand in the Flow', () => {
    const env = { YES: 'True', NO: 'False', ZERO: '0', MAYBE: 'maybe' };
    const flow = (cors: string) => flowOf('uses_with: {jit: $NO}', `cors: ${cors}, prefetch: $ZERO, monitoring: $YES`);
    const { settings, left, yaml } = convert(flow('$YES'), { env });
    expect(settings).toMatchObject({ cors_origins: '*', stream_in_flight_max: 10_000 });
    expect(yaml).toContain('/metrics');
    expect(left).not.toHaveProperty(['executors[0].uses_with.jit']);
    expect(convert(flow('$NO'), { env }).settings).not.toHaveProperty('cors_origins');
    expect(convert(flow('$NO'), { env }).left).not.toHaveProperty(['with.cors']);
    expect(convert(flow('$MAYBE'), { env }).left['with.cors']).toMatch(/neither true nor false/);
  });

  it('reads a Deployment in the list, and says that another file is not read', () => {
    const flow = 'executors: [{jtype: Deployment, with: {uses: CLIPEncoder, replicas: 3, volumes: [a]}}]';
    expect(convert(flow)).toMatchObject({ settings: { replicas: 3 } });
    expect(convert(flow).left).toHaveProperty(['executors[0].with.volumes']);
    expect(convert('executors: [{uses: clip/config.yml}]').left['executors[0].uses']).toMatch(/another file/);
  });

  it('reads executors by their older key and of the hub, and a gateway beside with', () => {
    const flow =
      'gateway: {port: 5, protocol: http}\nwith: {port: 4}\ndeployments: [{uses: "jinahub+docker://CLIPTorchEncoder", uses_with: {minibatch_size: 8}}]';
    expect(convert(flow).settings).toEqual({ port: 5, model: 'ViT-B-32::openai', batch_items_max: 8 });
  });

  it('makes a file of one line a thing, whatever the Flow holds', async () => {
    const nasty = 'a\\n# b: c\\u001b[2J';
    const { yaml, left } = convert(
      `with: {port: 1, "${nasty}": 1, ssl_certfile: "${nasty}", ssl_keyfile: "${nasty}"}\nexecutors: []`,
    );
    expect(JSON.stringify({ yaml, left })).not.toMatch(/\\u001b\[2J":|\u001b/);
    expect(Object.keys(left).join()).not.toMatch(/[\n\u001b]/);
    expect((await problemsOf(yaml, here)).join()).toMatch(/CAS_TLS_CERT/);
  });

  it('tells when the service would not start with it', async () => {
    const { yaml } = convert(flowOf('name: a', 'port: 9090'));
    expect((await problemsOf(yaml, here)).join()).toMatch(/CAS_PORT and CAS_OPS_PORT/);
  });
});

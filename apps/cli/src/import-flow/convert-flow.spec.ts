import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '#config';
import { convertFlow } from './convert-flow.js';
import { readFlow } from './read-flow.js';
import { problemsOf, settingsFile } from './settings-file.js';

interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly gpus?: number;
}

/** A Flow of one encoder with these lines, e.g. `replicas: 2`. */
const flowOf = (encoder: string, flow = 'port: 51000') =>
  `jtype: Flow\nwith: {${flow}}\nexecutors:\n  - {uses: {jtype: CLIPEncoder, with: {name: RN50}}, ${encoder}}`;

function convert(text: string, { env = {}, gpus = 0 }: Surroundings = {}) {
  const result = convertFlow(readFlow(Buffer.from(text)), '/flows', { env, gpus });
  return {
    settings: Object.fromEntries(result.settings.map(({ key, value }) => [key, value])),
    left: Object.fromEntries(result.leftOut.map(({ where, why }) => [where, why])),
    yaml: settingsFile(result, 'flow.yml'),
  };
}

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

  it('makes the paths of TLS files absolute, from the folder of the Flow, and says when they are not there', () => {
    const { settings, yaml } = convert(
      flowOf('name: a', 'port: 8443, ssl_certfile: tls/a.pem, ssl_keyfile: /keys/b.pem'),
    );
    expect(settings).toMatchObject({ tls_cert: '/flows/tls/a.pem', tls_key: '/keys/b.pem' });
    expect(problemsOf(yaml).join()).toContain('/flows/tls/a.pem');
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

  it.each([
    ['ViT-B/32', 'ViT-B-32::openai'],
    ['ViT-L/14@336px', 'ViT-L-14-336::openai'],
    ['RN50x4', 'RN50x4::openai'],
    ['M-CLIP/LABSE-Vit-L-14', 'M-CLIP/LABSE-Vit-L-14'],
    ['constructor', 'constructor'],
  ])('names the model %s %s', (given, name) => {
    expect(convert(flowOf(`uses_with: {name: '${given}'}`)).settings['model']).toBe(name);
  });

  it('reads executors by their older key and of the hub, and a gateway beside with', () => {
    const flow =
      'gateway: {port: 5, protocol: http}\nwith: {port: 4}\ndeployments: [{uses: "jinahub+docker://CLIPTorchEncoder", uses_with: {minibatch_size: 8}}]';
    expect(convert(flow).settings).toEqual({ port: 5, model: 'ViT-B-32::openai', batch_items_max: 8 });
  });

  it('makes a file of one line a thing, whatever the Flow holds', () => {
    const nasty = 'a\\n# b: c\\u001b[2J';
    const { yaml, left } = convert(
      `with: {port: 1, "${nasty}": 1, ssl_certfile: "${nasty}", ssl_keyfile: "${nasty}"}\nexecutors: []`,
    );
    expect(JSON.stringify({ yaml, left })).not.toMatch(/\\u001b\[2J":|\u001b/);
    expect(Object.keys(left).join()).not.toMatch(/[\n\u001b]/);
    expect(problemsOf(yaml).join()).toMatch(/CAS_TLS_CERT/);
  });

  it('tells when the service would not start with it', () => {
    expect(problemsOf(convert(flowOf('name: a', 'port: 9090')).yaml).join()).toMatch(/CAS_PORT and CAS_OPS_PORT/);
  });
});

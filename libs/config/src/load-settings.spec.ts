import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requiresTokens } from './checks.js';
import { loadSettings, SettingsError } from './load-settings.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cas-config-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Inputs {
  argv?: string[];
  env?: Record<string, string>;
  yaml?: string;
}

function load({ argv = [], env = {}, yaml }: Inputs) {
  if (yaml !== undefined) writeFileSync(join(folder, 'cas.yml'), yaml);
  return loadSettings(argv, env, folder);
}

function problemsOf(inputs: Inputs): readonly string[] {
  try {
    load(inputs);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('loadSettings', () => {
  it('starts on loopback with the embedded model when nothing is given', () => {
    const settings = load({});
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 51000, opsPort: 9090, model: 'mini-clip', auth: 'auto' });
    expect(settings.devices).toEqual(['cpu']);
    expect(settings.fetchBytesMax).toBe(32 * 2 ** 20);
    expect(settings.tlsCert).toBeUndefined();
    expect(settings.modelDir).toMatch(/[\\/]models$/);
  });

  it('answers settings that nobody can change', () => {
    expect(Object.isFrozen(load({}))).toBe(true);
    expect(Object.isFrozen(load({ env: { CAS_DEVICES: 'cpu,cuda:1' } }).devices)).toBe(true);
  });

  it('lets the file win over defaults, the environment over the file and flags over all', () => {
    const yaml = 'port: 1\nops_port: 2\nreplicas: 3\n';
    const settings = load({ yaml, env: { CAS_OPS_PORT: '20', CAS_REPLICAS: '30' }, argv: ['--replicas', '40'] });
    expect([settings.port, settings.opsPort, settings.replicas]).toEqual([1, 20, 40]);
  });

  it('reads nested maps, lists and sizes in YAML, with paths relative to the file', () => {
    mkdirSync(join(folder, 'etc'));
    write('etc/cert.pem', 'x');
    write('etc/key.pem', 'x');
    const file = write(
      'etc/a.yml',
      'tls: {cert: cert.pem, key: key.pem}\ndevices: [cuda:0, tensorrt:1]\nfetch: {bytes_max: 1MiB}',
    );
    const settings = load({ argv: ['--config', file] });
    expect(settings.tlsCert).toBe(join(folder, 'etc/cert.pem'));
    expect(settings.devices).toEqual(['cuda:0', 'tensorrt:1']);
    expect(settings.fetchBytesMax).toBe(2 ** 20);
  });

  it.each(['00123456', '12345678901234567890', '12e34', '0x1F', '1.50', '.inf', 'True'])(
    'takes the value %s of a YAML file as it is written, quoted or not',
    (text) => {
      expect(load({ yaml: `hub_token: ${text}` }).hubToken).toBe(text);
      expect(load({ yaml: `hub_token: "${text}"` }).hubToken).toBe(text);
    },
  );

  it('counts an empty value, null and ~ in a YAML file as unset, and reads switches and numbers', () => {
    for (const nothing of ['', 'null', '~', '""']) expect(load({ yaml: `port: ${nothing}` }).port).toBe(51000);
    expect(load({ yaml: 'hub_token: "null"' }).hubToken).toBe('null');
    const settings = load({ yaml: 'grpc_reflection: false\nallow_private_fetch: on\nqueue: {items_max: 5e4}\n# end' });
    expect(settings).toMatchObject({ grpcReflection: false, allowPrivateFetch: true, queueItemsMax: 50_000 });
    expect(load({ yaml: '# nothing yet' }).port).toBe(51000);
  });

  it('prefers the file that --config names to CAS_CONFIG, and that to cas.yml', () => {
    const yaml = 'port: 1';
    const env = { CAS_CONFIG: write('b.yml', 'port: 2') };
    expect(load({ yaml }).port).toBe(1);
    expect(load({ yaml, env }).port).toBe(2);
    expect(load({ yaml, env, argv: [`--config=${write('c.yml', 'port: 3')}`] }).port).toBe(3);
  });

  it('lists every wrong value of every source at once, with what is allowed', () => {
    const problems = problemsOf({
      yaml: 'replicas: many\nprot: 5',
      env: { CAS_PORT: '99999', CAS_MODLE: 'x', CAS_REQUEST_BYTES_MAX: 'big' },
      argv: ['--log-level', 'loud', '--ops-prot', '1', 'stray'],
    });
    expect(problems).toHaveLength(8);
    expect(problems).toContain(
      'CAS_PORT is "99999"; it must be a whole number from 0 to 65535 (0 = any free port, which is printed)',
    );
    expect(problems).toContain('replicas in cas.yml is "many"; it must be a whole number from 1 to 256');
    expect(problems).toContain('prot (in cas.yml)is not a setting; did you mean port?');
    expect(problems).toContain('CAS_MODLEis not a setting; did you mean CAS_MODEL?');
    expect(problems).toContain('--log-level is "loud"; it must be one of trace, debug, info, warn, error, silent');
    expect(problems).toContain('--ops-protis not a setting; did you mean --ops-port?');
    expect(problems).toContain('"stray" is not expected there; settings are given as --name value');
  });

  it('checks a value even where a stronger source overrides it', () => {
    expect(problemsOf({ env: { CAS_PORT: 'x' }, argv: ['--port', '1'] })).toHaveLength(1);
  });

  it('says why a configuration file cannot be used', () => {
    expect(problemsOf({ argv: ['--config', 'none.yml'] })[0]).toMatch(/none\.yml cannot be read/);
    expect(problemsOf({ yaml: '- port' })[0]).toMatch(/must hold a map/);
    expect(problemsOf({ yaml: 'a: [' })[0]).toMatch(/cannot be read/);
  });

  it('takes a value from the file that NAME_FILE names, without its last line break', () => {
    expect(load({ env: { CAS_MODEL_FILE: write('secret', 'ViT-B-32::openai\n') } }).model).toBe('ViT-B-32::openai');
  });

  it('refuses NAME_FILE beside NAME, an unreadable file, and NAME_FILE of a path', () => {
    const file = write('secret', '1');
    expect(problemsOf({ env: { CAS_PORT: '1', CAS_PORT_FILE: file } })[0]).toMatch(/both set; keep one/);
    expect(problemsOf({ env: { CAS_PORT_FILE: join(folder, 'none') } })[0]).toMatch(/cannot be read/);
    expect(problemsOf({ env: { CAS_TLS_KEY_FILE: file } })[0]).toMatch(/did you mean CAS_TLS_KEY\?/);
  });

  it('counts an empty variable as unset', () => {
    expect(load({ env: { CAS_PORT: '' } }).port).toBe(51000);
  });

  it('takes a switch with and without a value', () => {
    expect(load({ argv: ['--allow-private-fetch', '--port=0'] })).toMatchObject({ allowPrivateFetch: true, port: 0 });
    expect(load({ argv: ['--grpc-reflection', 'off'] }).grpcReflection).toBe(false);
    expect(problemsOf({ argv: ['--port'] })).toEqual(['--port needs a value after it']);
  });

  it.each([
    ['on loopback', {}, false],
    ['on the loopback of IPv6', { CAS_HOST: '::1' }, false],
    ['on every address', { CAS_HOST: '0.0.0.0' }, true],
    ['on every address where the operator says that anyone may call', { CAS_HOST: '0.0.0.0', CAS_AUTH: 'off' }, false],
    ['on loopback where the operator asks for them', { CAS_AUTH: 'required' }, true],
  ])('asks for tokens %s: %o → %s', (_where, env, isRequired) => {
    expect(requiresTokens(load({ env }))).toBe(isRequired);
  });

  it('never repeats a secret that it refuses', () => {
    const [problem] = problemsOf({ env: { CAS_DATABASE_URL: 'mysql://someone:hunter22@db/cas' } });
    expect(problem).toMatch(/CAS_DATABASE_URL.*postgres:/);
    expect(problem).not.toContain('hunter22');
  });

  it('refuses half a single sign-on and client authorities without TLS', () => {
    expect(problemsOf({ env: { CAS_OIDC_ISSUER: 'https://id.example.com' } })[0]).toMatch(/CAS_OIDC_CLIENT_ID/);
    expect(problemsOf({ env: { CAS_OIDC_CLIENT_ID: 'cas' } })[0]).toMatch(/without CAS_OIDC_ISSUER/);
    expect(problemsOf({ env: { CAS_TLS_CLIENT_CA: '/ca.pem', CAS_OPS_TLS: 'true' } })).toHaveLength(2);
  });

  it('needs both TLS files, and needs them readable', () => {
    const file = write('a.pem', 'x');
    expect(problemsOf({ env: { CAS_TLS_CERT: file } })[0]).toMatch(/TLS needs both/);
    expect(problemsOf({ env: { CAS_TLS_CERT: file, CAS_TLS_KEY: 'none.pem' } })[0]).toMatch(
      /CAS_TLS_KEY is .* cannot be read/,
    );
    expect(load({ env: { CAS_TLS_CERT: file, CAS_TLS_KEY: 'a.pem' } }).tlsKey).toBe(file);
  });

  it('refuses limits that contradict each other, one port twice, and a file root that is no folder', () => {
    const env = { CAS_QUEUE_ITEMS_MAX: '5', CAS_QUEUE_BYTES_MAX: '1MiB', CAS_OPS_PORT: '51000', CAS_FILE_ROOT: 'none' };
    expect(problemsOf({ env })).toHaveLength(4);
  });
});

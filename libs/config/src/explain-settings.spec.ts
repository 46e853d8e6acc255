import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainSettings, fingerprintOf } from './explain-settings.js';
import type { ExplainedSetting } from './explained-setting.js';
import { SETTING_KEYS } from './settings.js';
import { loadSettings, redactedSettings } from './load-settings.js';

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

function explain({ argv = [], env = {}, yaml }: Inputs): ExplainedSetting[] {
  if (yaml !== undefined) writeFileSync(join(folder, 'cas.yml'), yaml);
  return explainSettings(argv, env, folder);
}

function one(name: string, inputs: Inputs): ExplainedSetting {
  const found = explain(inputs).find((setting) => setting.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

describe('the settings in force', () => {
  it('are all there, with the names by which each can be given, a group and a sentence', () => {
    const ours = explain({}).filter(({ yaml }) => yaml !== null);
    expect(ours).toHaveLength(SETTING_KEYS.length);
    expect(ours[0]).toMatchObject({
      name: 'CAS_HOST',
      yaml: 'host',
      flag: '--host',
      group: 'Network',
      source: 'default',
    });
    for (const { doc, group } of ours) expect([doc.length > 10, group.length > 3]).toEqual([true, true]);
  });

  it('say where each value came from, with the line of a file, and what it overrides', () => {
    const inputs = {
      yaml: '# ours\nreplicas: 2\ntls:\n  # inside of a map\n  cert: a.pem\n',
      env: { CAS_REPLICAS: '3' },
      argv: ['--replicas', '4'],
    };
    expect(one('CAS_REPLICAS', inputs)).toMatchObject({
      ...{ value: '4', default: '1', source: 'argument', from: '--replicas' },
      overridden: ['replicas in cas.yml, line 2', 'CAS_REPLICAS'],
    });
    expect(one('CAS_TLS_CERT', inputs)).toMatchObject({ source: 'file', from: 'tls_cert in cas.yml, line 5' });
    expect(one('CAS_PORT', inputs)).toMatchObject({ value: '51000', source: 'default', from: null, overridden: [] });
  });

  it('say what is unset', () => {
    const unset = { value: null, default: null, isSet: false, source: 'default' };
    expect(one('CAS_FILE_ROOT', {})).toMatchObject(unset);
  });

  it('hold no secret, and no credential of an address', () => {
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, 'planted-client-secret\n');
    const env = {
      CAS_HUB_TOKEN: 'planted-hub-token',
      CAS_OIDC_CLIENT_SECRET_FILE: secretFile,
      CAS_DATABASE_URL: 'postgres://planted-user:planted-password@db:5432/cas?password=planted-too',
      CAS_HUB_URL: 'https://planted-name:planted-password@mirror.example/path',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://planted-user:planted-pass@collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=planted-header',
    };
    const settings = explain({ env });
    expect(JSON.stringify(settings)).not.toContain('planted');
    const valueOf = (name: string) => settings.find((setting) => setting.name === name);
    expect(valueOf('CAS_HUB_TOKEN')).toMatchObject({ value: null, isSet: true, isSecret: true, source: 'environment' });
    expect(valueOf('CAS_OIDC_CLIENT_SECRET')).toMatchObject({ isSet: true, from: 'CAS_OIDC_CLIENT_SECRET_FILE' });
    expect(valueOf('CAS_DATABASE_URL')).toMatchObject({ value: 'postgres://db:5432/cas', isSecret: true });
    expect(valueOf('CAS_HUB_URL')).toMatchObject({ value: 'https://mirror.example/path' });
    expect(valueOf('OTEL_EXPORTER_OTLP_ENDPOINT')).toMatchObject({ value: 'http://collector:4318' });
    expect(valueOf('OTEL_EXPORTER_OTLP_HEADERS')).toMatchObject({ value: null, isSet: true, source: 'environment' });
    const { CAS_HUB_URL, CAS_DATABASE_URL } = env;
    const audited = redactedSettings(loadSettings([], { CAS_HUB_URL, CAS_DATABASE_URL }, folder));
    expect(JSON.stringify(audited)).not.toContain('planted');
  });

  it('have a fingerprint that differs where a value differs', () => {
    const fingerprint = (inputs: Inputs) => fingerprintOf(explain(inputs));
    expect(fingerprint({ env: { CAS_REPLICAS: '1' } })).toBe(fingerprint({}));
    expect(fingerprint({ env: { CAS_REPLICAS: '2' } })).not.toBe(fingerprint({}));
    expect(fingerprint({ env: { CAS_HUB_TOKEN: 'one' } })).toBe(fingerprint({ env: { CAS_HUB_TOKEN: 'other' } }));
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSettings } from '#config';
import { systemClock as clock } from '#core';
import { PodReporter } from '#pods';
import { AdminUnderTest } from '../testing/admin-under-test.js';

interface Row {
  readonly name: string;
  readonly value: string | null;
}

describe('the settings in force', () => {
  let admin: AdminUnderTest;
  let headers: Record<string, string>;

  beforeAll(async () => {
    const env = {
      CAS_PORT: '4000',
      CAS_HUB_TOKEN: 'planted-hub-token',
      CAS_DATABASE_URL: 'postgres://u:planted@db/cas',
    };
    admin = await AdminUnderTest.open({ settings: explainSettings([], env, '/nowhere') });
    headers = await admin.browserOf(await admin.account('olga', 'owner'));
  });

  afterAll(() => admin[Symbol.asyncDispose]());

  async function row(name: string): Promise<Row | undefined> {
    const { json } = await admin.call('GET', '/api/settings', { headers });
    return (json.settings as Row[]).find((setting) => setting.name === name);
  }

  it('are shown with where each value came from', async () => {
    expect(await row('CAS_PORT')).toMatchObject({
      ...{ value: '4000', default: '51000', source: 'environment', from: 'CAS_PORT', group: 'Network' },
      change: 'restart',
    });
    expect(await row('CAS_OPS_PORT')).toMatchObject({ value: '9090', source: 'default', from: null });
    expect(await row('OTEL_TRACES_SAMPLER')).toMatchObject({ group: 'OpenTelemetry', source: 'default', yaml: null });
  });

  it('tell of secrets only whether they are set', async () => {
    const { text } = await admin.call('GET', '/api/settings', { headers });
    expect(text).not.toContain('planted');
    expect(await row('CAS_HUB_TOKEN')).toMatchObject({ value: null, isSet: true, isSecret: true });
    expect(await row('CAS_DATABASE_URL')).toMatchObject({ value: 'postgres://db/cas', isSet: true });
  });

  it('show what somebody has set meanwhile as from the database', async () => {
    await admin.call('PUT', '/api/log-level', { headers, body: { level: 'debug', forSeconds: 60 } });
    expect(await row('CAS_LOG_LEVEL')).toMatchObject({ value: 'debug', source: 'database', change: 'log-level' });
    await admin.call('DELETE', '/api/log-level', { headers });
    expect(await row('CAS_LOG_LEVEL')).toMatchObject({ value: 'info', source: 'default' });
    const models = [{ name: 'mini-clip', replicas: 3, devices: ['cpu'], isDefault: true }];
    expect((await admin.call('PUT', '/api/models', { headers, body: { models } })).status).toBe(200);
    expect(await row('CAS_REPLICAS')).toMatchObject({
      ...{ value: '3', source: 'database', from: 'version 1 of the models', change: 'models' },
    });
  });

  it('of other pods are compared with those of this one', async () => {
    const { database } = admin.services;
    const identity = { pid: process.pid, version: '1.2.3', roles: ['inference'] };
    const other = await PodReporter.open({ database, clock, host: 'pod-2', ...identity });
    const changed = {
      CAS_PORT: '4001',
      CAS_HUB_TOKEN: '(set)',
      CAS_DATABASE_URL: 'postgres://db/cas',
      CAS_REPLICAS: '2',
    };
    other.tell('settings', () => ({ fingerprint: '0123456789abcdef', changed }));
    await other.report();
    const { json } = await admin.call('GET', '/api/settings', { headers });
    expect(json.pods).toMatchObject([
      {
        ...{ name: 'pod-2', answers: true, fingerprint: '0123456789abcdef' },
        differences: [
          { name: 'CAS_PORT', here: '4000', there: '4001' },
          { name: 'CAS_REPLICAS', here: null, there: '2' },
        ],
      },
    ]);
  });
});

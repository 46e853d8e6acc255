import { expect } from 'vitest';
import type { RunningServer } from '../../support/server.js';
import { call, type HttpAnswer, postJson } from './http-call.js';
import { eventually } from './server-process.js';

/** A model as the admin API takes it. */
export interface ModelBody {
  name: string;
  replicas: number;
  devices: string[];
  isDefault: boolean;
  rssBytesMax?: number;
}

/** What GET /api/models says, as far as tests look. */
export interface ModelsView {
  desired: { version: number; source: string; models: ModelBody[] };
  versions: { version: number }[];
  actual: {
    state: string;
    version: number;
    step: string | null;
    reason: string | null;
    models: {
      name: string;
      state: string;
      isDefault: boolean;
      replicas: { name: string; state: string; rssBytes: number | null }[];
    }[];
  };
}

/** Looks after the models of a server as its owner does in the console. */
export class ModelAdmin {
  private constructor(
    private readonly server: RunningServer,
    private readonly headers: Record<string, string>,
  ) {}

  /** Makes the first account by the link that the server logs, and logs in. */
  static async of(server: RunningServer): Promise<ModelAdmin> {
    const { setupUrl } = await server.logged((line) => typeof line['setupUrl'] === 'string');
    return ModelAdmin.withLink(server, String(setupUrl));
  }

  /** The same by a link that came another way. */
  static async withLink(server: RunningServer, setupUrl: string): Promise<ModelAdmin> {
    const person = { email: 'ann@example.com', name: 'Ann', password: 'tidal lantern forty-two' };
    const secret = new URL(setupUrl).hash.slice(1);
    expect((await postJson(server.admin('/api/setup'), { secret, ...person })).status).toBe(201);
    return ModelAdmin.logIn(server);
  }

  /** Logs the account of `of` in, on a server that has it already. */
  static async logIn(server: RunningServer): Promise<ModelAdmin> {
    const { email, password } = { email: 'ann@example.com', password: 'tidal lantern forty-two' };
    const answer = await postJson(server.admin('/api/session'), { email, password });
    const cookie = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]);
    const { csrfToken } = answer.json<{ csrfToken: string }>();
    return new ModelAdmin(server, { cookie: cookie.join('; '), 'x-csrf-token': csrfToken });
  }

  async view(): Promise<ModelsView> {
    return (await this.send('GET', '/api/models')).json<ModelsView>();
  }

  async plan(models: ModelBody[]): Promise<string[]> {
    const answer = await this.send('POST', '/api/models/plan', { models });
    return answer.json<{ steps: { text: string }[] }>().steps.map(({ text }) => text);
  }

  /** Asks for these models; the answer is the version. */
  async apply(models: ModelBody[]): Promise<number> {
    return this.version(await this.send('PUT', '/api/models', { models, note: 'a test' }));
  }

  async rollback(version: number): Promise<number> {
    return this.version(await this.send('POST', '/api/models/rollback', { version }));
  }

  /** Waits until this server serves all of a version, or has failed to. */
  async settled(version: number): Promise<ModelsView['actual']> {
    let actual: ModelsView['actual'] | undefined;
    await eventually(`version ${version} is served`, async () => {
      ({ actual } = await this.view());
      return actual.version === version && actual.state !== 'applying';
    });
    return actual!;
  }

  /** Any request of the admin API, refused ones too. */
  send(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return call(this.server.admin(path), { method, headers, ...sent });
  }

  private version(answer: HttpAnswer): number {
    expect(answer.status, answer.text).toBe(200);
    return answer.json<{ version: number }>().version;
  }
}

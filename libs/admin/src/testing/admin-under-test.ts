import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Actor } from '#audit';
import { createAccountServices, csrfTokenOf, Passwords, TokenVerifier, type Account } from '#auth';
import { explainSettings } from '#config';
import { DomainError, systemClock as clock, type Scope } from '#core';
import { Database, type AccountRole } from '#database';
import { UsageRecorder } from '#metering';
import { PodCommands, PodDirectory } from '#pods';
import { DesiredModelStore, ModelAdministration } from '#serving';
import { LogLevels, LogLevelStore, StoredInputs, TraceSearch } from '#telemetry';
import { ChangeFeed } from '../changes/change-feed.js';
import type { AdminServices } from '../services/admin-services.js';
import { createAdminServer, type AdminServerOptions } from '../server/create-admin-server.js';

/** A password that the policy takes from everybody. */
export const PASSWORD = 'tidal lantern forty-two';

/** Where pages of the admin API are, as far as the tests' browsers know. */
export const HOST = 'cas.example.test';

export const ON_HOST: Actor = { kind: 'host', id: 'host', name: 'cas on the host', from: null };

type Method = 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
}

/** What came back; `json` is the body where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly json: any;
  /** The Set-Cookie headers. */
  readonly cookies: readonly string[];
}

/** The admin API over real services on a fresh SQLite, not listening. */
export class AdminUnderTest implements AsyncDisposable {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly services: AdminServices,
    private readonly dispose: () => Promise<void>,
  ) {}

  static async open(
    options: Partial<Omit<AdminServerOptions, 'services'>> & {
      signOn?: (database: Database) => AdminServices['signOn'];
      traces?: (database: Database) => AdminServices['traces'];
      settings?: AdminServices['settings'];
      inferenceTarget?: AdminServices['inferenceTarget'];
    } = {},
  ): Promise<AdminUnderTest> {
    const dataDir = await mkdtemp(join(tmpdir(), 'cas-admin-'));
    const database = await Database.open({ dataDir });
    const { signOn, traces = noTraces, settings = explainSettings([], {}, dataDir), ...rest } = options;
    const { inferenceTarget = () => ({ problem: 'Set CAS_INFERENCE_URL.' }), ...server } = rest;
    const verifier = new TokenVerifier({ database, clock });
    await verifier.start();
    const parts = { signOn: signOn?.(database), traces: traces(database), settings, inferenceTarget };
    const services = servicesOn(database, verifier, parts);
    const app = await createAdminServer({ services, secureCookies: true, version: '1.2.3', logger: SILENT, ...server });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new AdminUnderTest(app, services, async () => {
      await app.close();
      verifier.stop();
      await database.close();
      await rm(dataDir, { recursive: true });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async call(method: Method, url: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await this.app.inject({
      method,
      url,
      headers: { host: HOST, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...payload,
    });
    const isJson = method !== 'HEAD' && String(response.headers['content-type']).startsWith('application/json');
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      json: isJson ? response.json() : undefined,
      cookies: [response.headers['set-cookie'] ?? []].flat(),
    };
  }

  /** An account of this role that has chosen PASSWORD; the first one must be an owner. */
  async account(name: string, role: AccountRole): Promise<Account> {
    const email = `${name}@example.com`;
    const { link } = await this.services.accounts.invite(ON_HOST, { email, name, role });
    return this.services.credentials.accept(link.secret, PASSWORD, null);
  }

  /** The headers of a page of ours in a browser in which the account is logged in. */
  async browserOf(account: Account): Promise<Record<string, string>> {
    const { secret } = await this.services.sessions.create(account, { from: '192.0.2.1', userAgent: 'a browser' });
    return {
      cookie: `__Host-cas_session=${secret}`,
      'x-csrf-token': csrfTokenOf(secret),
      origin: `https://${HOST}`,
      'sec-fetch-site': 'same-origin',
    };
  }

  /** The header of a program with a token of these scopes. */
  async programWith(
    scopes: readonly Scope[],
    more: { ownerId?: string; models?: string[] } = {},
  ): Promise<Record<string, string>> {
    const { token } = await this.services.tokens.create(ON_HOST, {
      name: 'program',
      expiresInDays: 1,
      scopes,
      ...more,
    });
    return { authorization: `Bearer ${token}` };
  }
}

function servicesOn(
  database: Database,
  verifier: TokenVerifier,
  {
    signOn,
    traces,
    settings,
    inferenceTarget,
  }: Pick<AdminServices, 'signOn' | 'traces' | 'settings' | 'inferenceTarget'>,
): AdminServices {
  const passwords = new Passwords({ cost: { memoryKiB: 8, passes: 1, lanes: 1 } });
  const pods = new PodDirectory({ database, clock });
  return {
    ...createAccountServices({ database, clock, passwords }),
    database,
    clock,
    verifier,
    uses: { note: () => undefined },
    signOn,
    traces,
    settings,
    pods,
    changes: new ChangeFeed({ database, clock }),
    inputs: { store: new StoredInputs({ database, clock }), hours: 24, bytesMax: 1e6 },
    inference: {},
    podCommands: new PodCommands({ database, clock, directory: pods }),
    inferenceTarget,
    usage: new UsageRecorder({ database, clock }),
    logLevels: new LogLevels({ store: new LogLevelStore({ database, clock }), log: SILENT_LOG, clock }),
    catalogue: CATALOGUE,
    models: new ModelAdministration({
      store: new DesiredModelStore({ database, clock }),
      names: NAMES,
      local: undefined,
      defaults: { cores: 2, batchItemsMax: 32, rssBytesMax: undefined },
      facts: async () => undefined,
    }),
  };
}

/** As in a process that serves no requests, while the database keeps none. */
const noTraces = () => new TraceSearch({ pod: 'pod-1', memory: 'no_inference', database: 'off' });

const CATALOGUE: AdminServices['catalogue'] = [
  {
    ...{ name: 'ViT-B-32::openai', aliases: ['ViT-B/32'], licence: 'MIT', bytes: 608e6, variants: ['fp16', 'int8'] },
    ...{ dimension: 512, imageSize: 224, contextLength: 77, tokenizer: 'CLIP byte-pair encoding', note: null },
    ...{ repository: 'Xenova/clip-vit-base-patch32', page: 'https://hub.example/Xenova/clip-vit-base-patch32' },
  },
];

/** Every model exists but one. */
const requireName = async (name: string): Promise<void> => {
  if (name === 'nope') throw new DomainError('invalid_argument', 'There is no model "nope".');
};
const NAMES = { requireName, require: requireName };

const SILENT_LOG = { level: 'info', isLevelEnabled: () => true, info: () => undefined };
const SILENT = { log: () => undefined, error: () => undefined, warn: () => undefined };

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenService, type TokenRecord } from '#auth';
import type { Scope, UsageLimits } from '#core';
import { systemClock } from '#core';
import { Database } from '#database';

/** What a test asks of a token; the rest is what the command line would give. */
export interface TokenSpec {
  name?: string;
  scopes?: Scope[];
  models?: string[];
  limits?: UsageLimits;
  storesInputs?: boolean;
}

const operator = { kind: 'host', id: 'test', name: 'a test', from: null } as const;

/**
 * Another process's view of a service's database: it makes and revokes tokens there while the service runs, as the
 * command line on the host does.
 */
export class TokenDesk implements AsyncDisposable {
  private constructor(
    readonly database: Database,
    private readonly tokens: TokenService,
    private readonly ownFolder: string | undefined,
    /** The settings that make a service use the same database. */
    readonly env: Record<string, string>,
  ) {}

  /** Opens `env`'s database; without one, that of a new folder, which goes with the desk. */
  static async open(given: { CAS_DATA_DIR?: string; CAS_DATABASE_URL?: string } = {}): Promise<TokenDesk> {
    const isOwn = given.CAS_DATA_DIR === undefined && given.CAS_DATABASE_URL === undefined;
    const dataDir = given.CAS_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'cas-data-'));
    const url = given.CAS_DATABASE_URL;
    const database = await Database.open({ dataDir, ...(url === undefined ? {} : { url }) });
    const env = { CAS_DATA_DIR: dataDir, ...(url === undefined ? {} : { CAS_DATABASE_URL: url }) };
    const tokens = new TokenService({ database, clock: systemClock });
    return new TokenDesk(database, tokens, isOwn ? dataDir : undefined, env);
  }

  create({ name = 'test', ...spec }: TokenSpec = {}): Promise<{ token: string; record: TokenRecord }> {
    return this.tokens.create(operator, { name, expiresInDays: 1, ...spec });
  }

  async revoke(id: string): Promise<void> {
    await this.tokens.revoke(operator, id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close();
    if (this.ownFolder !== undefined) rmSync(this.ownFolder, { recursive: true, force: true });
  }
}

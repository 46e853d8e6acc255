import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '#audit';
import { ManualClock } from '#core';
import { AuditEventEntity, Database, type AccountRole } from '#database';
import type { Account } from '../accounts/account.js';
import { Passwords } from '../password/passwords.js';
import { createAccountServices, type AccountServices } from '../services/account-services.js';

export const HOST: Actor = { kind: 'host', id: 'host', name: 'cas on the host', from: null };

/** An argon2id cost for tests only. */
export const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 };

/** A password that the policy takes from everybody. */
export const PASSWORD = 'tidal lantern forty-two';

/** Everything about accounts on a real database, with time turned by hand. */
export class AccountsUnderTest implements AccountServices {
  readonly passwords = new Passwords({ cost: CHEAP });
  readonly tokens: AccountServices['tokens'];
  readonly sessions: AccountServices['sessions'];
  readonly accounts: AccountServices['accounts'];
  readonly credentials: AccountServices['credentials'];
  readonly logIn: AccountServices['logIn'];
  readonly playgroundTokens: AccountServices['playgroundTokens'];

  private constructor(
    readonly database: Database,
    readonly clock: ManualClock,
    private readonly dispose: () => Promise<void>,
  ) {
    const services = createAccountServices({ database, clock, passwords: this.passwords });
    this.tokens = services.tokens;
    this.sessions = services.sessions;
    this.accounts = services.accounts;
    this.credentials = services.credentials;
    this.logIn = services.logIn;
    this.playgroundTokens = services.playgroundTokens;
  }

  /** On a database that its maker closes. */
  static on(database: Database): AccountsUnderTest {
    return new AccountsUnderTest(database, startedClock(), () => Promise.resolve());
  }

  /** On a fresh SQLite of its own. */
  static async open(): Promise<AccountsUnderTest> {
    const dataDir = await mkdtemp(join(tmpdir(), 'cas-accounts-'));
    const database = await Database.open({ dataDir });
    return new AccountsUnderTest(database, startedClock(), async () => {
      await database.close();
      await rm(dataDir, { recursive: true });
    });
  }

  close(): Promise<void> {
    return this.dispose();
  }

  /** An account that has chosen PASSWORD. The first one must be an owner. */
  async person(name: string, role: AccountRole): Promise<Account> {
    const email = `${name}@example.com`;
    const { link } = await this.accounts.invite(HOST, { email, name, role });
    return this.credentials.accept(link.secret, PASSWORD, null);
  }

  /** The trail from the oldest event on. */
  audit(): Promise<AuditEventEntity[]> {
    return this.database.read((manager) => manager.find(AuditEventEntity, { order: { seq: 'ASC' } }));
  }

  async lastAudit(): Promise<AuditEventEntity> {
    const last = (await this.audit()).at(-1);
    if (last === undefined) throw new Error('The trail is empty.');
    return last;
  }
}

export function actorOf(account: Account): Actor {
  return { kind: 'account', id: account.id, name: account.email, from: '192.0.2.1' };
}

/** Not at 0, so that a time that was never set shows. */
function startedClock(): ManualClock {
  const clock = new ManualClock();
  clock.advance(1_000_000);
  return clock;
}

import { hostname, userInfo } from 'node:os';
import { exportAudit, verifyAudit, type Actor, type AuditHead, type AuditSpan, type AuditVerdict } from '#audit';
import {
  createAccountServices,
  PERMISSIONS,
  type Account,
  type AccountServices,
  type IssuedToken,
  type OneTimeLink,
  type TokenRecord,
  type TokenSpec,
} from '#auth';
import { systemClock as clock } from '#core';
import { Database, databaseStatus } from '#database';
import { sumUsage } from '#metering';
import type { AccessBackend, Identity, Link, NewToken, TokenUse, UsageAsked } from './access-backend.js';
import { adminAddress, databaseOptions, type HostSettings } from './host-settings.js';

/** Works on the database itself: whoever can read its file or knows its URL owns the service anyway. */
export class LocalBackend implements AccessBackend {
  private readonly services: AccountServices;
  private readonly actor = hostActor();

  private constructor(
    private readonly database: Database,
    private readonly adminUrl: string,
  ) {
    this.services = createAccountServices({ database, clock });
  }

  /**
   * Opens the database of the settings; creates and migrates it where needed, as the service does.
   *
   * @param onNew called with the place of a database that is created: in the wrong folder nobody expects a new one
   */
  static async open(settings: HostSettings, onNew: (where: string) => void = () => {}): Promise<LocalBackend> {
    const options = databaseOptions(settings);
    const { exists, where } = await databaseStatus(options);
    if (!exists) onNew(where);
    return new LocalBackend(await Database.open(options), adminAddress(settings));
  }

  whoAmI(): Promise<Identity> {
    const { name } = this.actor;
    return Promise.resolve({ where: 'this host', name, role: 'owner', permissions: PERMISSIONS });
  }

  createToken(spec: NewToken): Promise<IssuedToken> {
    return this.services.tokens.create(this.actor, spec);
  }

  listTokens(options: { readonly includeEnded: boolean }): Promise<TokenRecord[]> {
    return this.services.tokens.list(options);
  }

  updateToken(id: string, spec: Partial<TokenSpec>): Promise<TokenRecord> {
    return this.services.tokens.update(this.actor, id, spec);
  }

  rotateToken(id: string, graceMs: number): Promise<IssuedToken> {
    return this.services.tokens.rotate(this.actor, id, { graceMs });
  }

  revokeToken(id: string): Promise<TokenRecord> {
    return this.services.tokens.revoke(this.actor, id);
  }

  listAccounts(): Promise<Account[]> {
    return this.services.accounts.list();
  }

  async invite(person: Parameters<AccessBackend['invite']>[0]): Promise<{ account: Account; link: Link }> {
    const { account, link } = await this.services.accounts.invite(this.actor, person);
    return { account, link: this.linkOf(link) };
  }

  async resetLink(accountId: string): Promise<Link> {
    return this.linkOf(await this.services.accounts.resetLink(this.actor, accountId));
  }

  async usage({ tokenId, ...asked }: UsageAsked): Promise<TokenUse[]> {
    const query = { ...asked, ...(tokenId === undefined ? {} : { principalIds: [tokenId] }) };
    const [rows, tokens] = await Promise.all([
      sumUsage(this.database, query),
      this.services.tokens.list({ includeEnded: true }),
    ]);
    const names = new Map(tokens.map(({ id, name }) => [id, name]));
    return rows.map(({ principalId, ...row }) => ({
      ...row,
      tokenId: principalId,
      tokenName: names.get(principalId) ?? null,
    }));
  }

  verifyAudit(expectedHead?: AuditHead): Promise<AuditVerdict> {
    return verifyAudit(this.database, { expectedHead });
  }

  exportAudit(span: AuditSpan): AsyncIterable<string> {
    return exportAudit(this.database, span);
  }

  /** Makes the link to the page for the first account and ends older ones; undefined once there is an account. */
  async setupLink(): Promise<Link | undefined> {
    const link = await this.services.credentials.setupLink(this.actor);
    return link && this.linkOf(link);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** The page of a link. The secret is in the fragment, which browsers send to nobody. */
  private linkOf({ purpose, secret, expiresAtMs }: OneTimeLink): Link {
    return { url: `${this.adminUrl}/${purpose}#${secret}`, expiresAtMs };
  }
}

/** A user of this machine, as the audit trail names it. */
function hostActor(): Actor {
  const user = userName();
  return { kind: 'host', id: user, name: `${user}@${hostname()}`, from: null };
}

/** The user's name; its number where the machine lists no name (a container that runs under a bare number). */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

import { verifyAuditLines, type AuditHead, type AuditSpan, type AuditVerdict } from '#audit';
import type { Account, IssuedToken, TokenRecord, TokenWishes } from '#auth';
import { DomainError } from '#core';
import { linesIn } from '../text-lines.js';
import type { AccessBackend, Identity, Link, NewToken, TokenUse, UsageAsked } from './access-backend.js';
import type { AdminClient } from './admin-client.js';
import { accountOf, identityOf, issuedTokenOf, linkOf, tokenOf, useOf } from './answers.js';
import { Fields } from './fields.js';

/** Works through the admin API with an access token of the scope `admin:*`. */
export class RemoteBackend implements AccessBackend {
  constructor(private readonly client: AdminClient) {}

  async whoAmI(): Promise<Identity> {
    return identityOf(await this.client.json('/api/session'), this.client.url);
  }

  async createToken(wishes: NewToken): Promise<IssuedToken> {
    return issuedTokenOf(await this.client.json('/api/tokens', { method: 'POST', body: wishes }));
  }

  async listTokens({ includeEnded }: { readonly includeEnded: boolean }): Promise<TokenRecord[]> {
    const answer = await this.client.json(`/api/tokens?ended=${includeEnded}`);
    return Fields.of(answer).list('tokens').map(tokenOf);
  }

  async updateToken(id: string, wishes: Partial<TokenWishes>): Promise<TokenRecord> {
    return tokenOf(await this.client.json(tokenPath(id), { method: 'PATCH', body: wishes }));
  }

  async rotateToken(id: string, graceMs: number): Promise<IssuedToken> {
    return issuedTokenOf(await this.client.json(`${tokenPath(id)}/rotate`, { method: 'POST', body: { graceMs } }));
  }

  async revokeToken(id: string): Promise<TokenRecord> {
    return tokenOf(await this.client.json(tokenPath(id), { method: 'DELETE' }));
  }

  async listAccounts(): Promise<Account[]> {
    return Fields.of(await this.client.json('/api/accounts'))
      .list('accounts')
      .map(accountOf);
  }

  async invite(person: Parameters<AccessBackend['invite']>[0]): Promise<{ account: Account; link: Link }> {
    const answer = Fields.of(await this.client.json('/api/accounts', { method: 'POST', body: person }));
    return { account: accountOf(answer.raw('account')), link: linkOf(answer.raw('link')) };
  }

  async resetLink(accountId: string): Promise<Link> {
    const path = `/api/accounts/${encodeURIComponent(accountId)}/reset-link`;
    return linkOf(await this.client.json(path, { method: 'POST' }));
  }

  async usage({ fromMs, toMs, by, model, tokenId }: UsageAsked): Promise<TokenUse[]> {
    const query = new URLSearchParams({
      ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), by },
      ...(model === undefined ? {} : { model }),
      ...(tokenId === undefined ? {} : { token: tokenId }),
    });
    const answer = await this.client.json(`/api/usage?${query.toString()}`);
    return Fields.of(answer).list('rows').map(useOf);
  }

  /** Takes the whole trail and checks it here: what a server says of its own trail proves nothing. */
  async verifyAudit(expectedHead?: AuditHead): Promise<AuditVerdict> {
    const verdict = await verifyAuditLines(linesIn(this.exportAudit({})), { expectedHead });
    if (!verdict.ok || verdict.firstSeq <= 1) return verdict;
    return { ok: false, seq: 1, reason: `events were taken out before event ${verdict.firstSeq}` };
  }

  async *exportAudit({ fromMs, toMs }: AuditSpan): AsyncGenerator<string> {
    const span = [['from', fromMs] as const, ['to', toMs] as const].flatMap(([name, ms]) =>
      ms === undefined ? [] : [[name, new Date(ms).toISOString()]],
    );
    const query = new URLSearchParams(span).toString();
    const path = `/api/audit/export${query === '' ? '' : `?${query}`}`;
    const { body } = await this.client.send(path, { headers: { accept: 'application/x-ndjson' }, endless: true });
    if (body === null) return;
    try {
      yield* body.pipeThrough(new TextDecoderStream());
    } catch (err) {
      throw new DomainError(
        'unavailable',
        `${this.client.url}closed the connection before the whole audit trail had come. Try again.`,
        { cause: err },
      );
    }
  }

  /** A connection of fetch keeps no process alive. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function tokenPath(id: string): string {
  return `/api/tokens/${encodeURIComponent(id)}`;
}

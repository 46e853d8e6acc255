import { verifyAuditLines, type AuditHead, type AuditSpan, type AuditVerdict } from '#audit';
import type { Account, IssuedToken, TokenRecord, TokenSpec } from '#auth';
import { DomainError, type LogLevel } from '#core';
import type { LogLevelChange } from '#telemetry';
import { linesIn } from '../text-lines.js';
import type {
  AccessBackend,
  FoundTraces,
  Identity,
  Link,
  ModelsAsked,
  ModelsChanged,
  ModelsPlan,
  NewToken,
  TokenUse,
  TracedRequest,
  TracesAsked,
  TraceSummary,
  UsageAsked,
} from './access-backend.js';
import type { AdminClient } from './admin-client.js';
import {
  accountListAnswer,
  changeAnswer,
  comparisonAnswer,
  invitationAnswer,
  issuedTokenAnswer,
  linkAnswer,
  logLevelAnswer,
  parseAnswer,
  planAnswer,
  sessionAnswer,
  tokenAnswer,
  tokenListAnswer,
  traceAnswer,
  tracesAnswer,
  usageAnswer,
} from './answers.js';

/** Works through the admin API with an access token of the scope `admin:*`. */
export class RemoteBackend implements AccessBackend {
  constructor(private readonly client: AdminClient) {}

  async whoAmI(): Promise<Identity> {
    const { account, role, permissions } = parseAnswer(sessionAnswer, await this.client.json('/api/session'));
    return { where: this.client.url, name: account?.email ?? 'a token made on the host', role, permissions };
  }

  async createToken(spec: NewToken): Promise<IssuedToken> {
    const answer = await this.client.json('/api/tokens', { method: 'POST', body: spec });
    return parseAnswer(issuedTokenAnswer, answer);
  }

  async listTokens({ includeEnded }: { readonly includeEnded: boolean }): Promise<TokenRecord[]> {
    const tokens: TokenRecord[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: ReturnType<typeof tokenListAnswer.parse> = parseAnswer(
        tokenListAnswer,
        await this.client.json(`/api/tokens?ended=${includeEnded}&limit=500${more}`),
      );
      tokens.push(...page.tokens);
      cursor = page.cursor;
    }
    return tokens;
  }

  async updateToken(id: string, spec: Partial<TokenSpec>): Promise<TokenRecord> {
    return parseAnswer(tokenAnswer, await this.client.json(tokenPath(id), { method: 'PATCH', body: spec }));
  }

  async rotateToken(id: string, graceMs: number): Promise<IssuedToken> {
    const answer = await this.client.json(`${tokenPath(id)}/rotate`, { method: 'POST', body: { graceMs } });
    return parseAnswer(issuedTokenAnswer, answer);
  }

  async revokeToken(id: string): Promise<TokenRecord> {
    return parseAnswer(tokenAnswer, await this.client.json(tokenPath(id), { method: 'DELETE' }));
  }

  async restoreToken(id: string): Promise<TokenRecord> {
    return parseAnswer(tokenAnswer, await this.client.json(`${tokenPath(id)}/restore`, { method: 'POST' }));
  }

  async endGrace(id: string): Promise<TokenRecord> {
    return parseAnswer(tokenAnswer, await this.client.json(`${tokenPath(id)}/end-grace`, { method: 'POST' }));
  }

  async listAccounts(): Promise<Account[]> {
    const accounts: Account[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer: unknown = await this.client.json(`/api/accounts?limit=500${more}`);
      const page: ReturnType<typeof accountListAnswer.parse> = parseAnswer(accountListAnswer, answer);
      accounts.push(...page.accounts);
      cursor = page.cursor;
    }
    return accounts;
  }

  async invite(person: Parameters<AccessBackend['invite']>[0]): Promise<{ account: Account; link: Link }> {
    const answer = await this.client.json('/api/accounts', { method: 'POST', body: person });
    return parseAnswer(invitationAnswer, answer);
  }

  async resetLink(accountId: string): Promise<Link> {
    const path = `/api/accounts/${encodeURIComponent(accountId)}/reset-link`;
    return parseAnswer(linkAnswer, await this.client.json(path, { method: 'POST' }));
  }

  async usage({ fromMs, toMs, by, model, tokenId }: UsageAsked): Promise<TokenUse[]> {
    const query = new URLSearchParams({
      ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), by },
      ...(model === undefined ? {} : { model }),
      ...(tokenId === undefined ? {} : { token: tokenId }),
    });
    const answer = await this.client.json(`/api/usage?${query.toString()}`);
    return parseAnswer(usageAnswer, answer).rows;
  }

  async traces({ tokenId, fromMs, toMs, ...asked }: TracesAsked): Promise<FoundTraces<TraceSummary>> {
    const given = {
      ...{ ...asked, token: tokenId },
      from: fromMs === undefined ? undefined : new Date(fromMs).toISOString(),
      to: toMs === undefined ? undefined : new Date(toMs + 1).toISOString(),
    };
    const query = new URLSearchParams(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
    const answer = parseAnswer(tracesAnswer, await this.client.json(`/api/traces?${query.toString()}`));
    return { traces: answer.traces, notAsked: answer.sources };
  }

  async trace(id: string): Promise<FoundTraces<TracedRequest>> {
    const answer = parseAnswer(traceAnswer, await this.client.json(`/api/traces/${encodeURIComponent(id)}`));
    return { traces: answer.traces, notAsked: answer.sources };
  }

  async planModels(asked: ModelsAsked): Promise<ModelsPlan> {
    return parseAnswer(planAnswer, await this.client.json(`${MODELS}/plan`, { method: 'POST', body: asked }));
  }

  async applyModels(asked: ModelsAsked): Promise<ModelsChanged> {
    return parseAnswer(changeAnswer, await this.client.json(MODELS, { method: 'PUT', body: asked }));
  }

  async rollBackModels(version: number): Promise<ModelsChanged> {
    const answer = await this.client.json(`${MODELS}/rollback`, { method: 'POST', body: { version } });
    return parseAnswer(changeAnswer, answer);
  }

  async compareModels(from: number, to: number): Promise<readonly string[]> {
    const answer = await this.client.json(`${MODELS}/versions/${from}/diff/${to}`);
    return parseAnswer(comparisonAnswer, answer).differences.map(({ text }) => text);
  }

  async logLevel(): Promise<LogLevelChange | undefined> {
    const { level, untilMs } = parseAnswer(logLevelAnswer, await this.client.json(LOG_LEVEL));
    return untilMs === null ? undefined : { level, untilMs };
  }

  async setLogLevel(level: LogLevel, forSeconds: number): Promise<void> {
    await this.client.json(LOG_LEVEL, { method: 'PUT', body: { level, forSeconds } });
  }

  async resetLogLevel(): Promise<void> {
    await this.client.json(LOG_LEVEL, { method: 'DELETE' });
  }

  /** Downloads the whole trail and checks it here: a server's word about its own trail proves nothing. */
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
        `${this.client.url} closed the connection before the whole audit trail had come. Try again.`,
        { cause: err },
      );
    }
  }

  /** Does nothing: connections of fetch keep no process alive. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const MODELS = '/api/models';
const LOG_LEVEL = '/api/log-level';

function tokenPath(id: string): string {
  return `/api/tokens/${encodeURIComponent(id)}`;
}

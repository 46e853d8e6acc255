import type { Actor } from '#audit';
import { singleFlight, type Clock, type Scope } from '#core';
import type { TokenService } from './token-service.js';

/** What the playground's tokens may do. */
const SCOPES: readonly Scope[] = ['encode', 'rank', 'models:read'];

/** Tokens live for a day; one with less than this is replaced, so that none ends under a request. */
const RENEWED_BEFORE_END_MS = 3_600_000;

interface Held {
  readonly id: string;
  readonly token: string;
  readonly expiresAtMs: number;
}

/**
 * The access tokens by which the console's playground calls the inference API: one an account, so that limits, usage
 * and traces are the account's. Their secrets are in this memory only; another process, or this one after a restart,
 * makes a token of its own. What was made before ends within a day.
 *
 * @example
 * ```ts
 * const token = await playgroundTokens.of(account.id, actor);
 * ```
 */
export class PlaygroundTokens {
  private readonly held = new Map<string, Held>();
  private readonly makings = new Map<string, () => Promise<Held>>();

  constructor(private readonly options: { readonly tokens: TokenService; readonly clock: Clock }) {}

  /**
   * A token of the account that works now: the one at hand, unless it was revoked or ends soon, or a new one.
   *
   * @throws DomainError `conflict` for an account that has too many tokens, `permission_denied` for a disabled one
   */
  async of(accountId: string, actor: Actor): Promise<string> {
    const { tokens, clock } = this.options;
    const held = this.held.get(accountId);
    if (held !== undefined && held.expiresAtMs - clock.wallMs() > RENEWED_BEFORE_END_MS) {
      const { status } = await tokens.get(held.id);
      if (status === 'active') return held.token;
    }
    const making = this.makings.get(accountId) ?? singleFlight(() => this.make(accountId, actor));
    this.makings.set(accountId, making);
    try {
      return (await making()).token;
    } finally {
      this.makings.delete(accountId);
    }
  }

  /** Revokes every playground token of the account, those of other processes too: it has logged out. */
  async end(accountId: string, actor: Actor): Promise<void> {
    const { tokens } = this.options;
    this.held.delete(accountId);
    for (const { id, purpose } of await tokens.list({ ownerId: accountId })) {
      if (purpose === 'playground') await tokens.revoke(actor, id);
    }
  }

  private async make(accountId: string, actor: Actor): Promise<Held> {
    const { tokens } = this.options;
    const before = this.held.get(accountId);
    const { token, record } = await tokens.create(actor, {
      ...{ name: 'Playground', scopes: SCOPES, expiresInDays: 1, ownerId: accountId, purpose: 'playground' },
    });
    const made = { id: record.id, token, expiresAtMs: record.expiresAtMs ?? 0 };
    this.held.set(accountId, made);
    if (before !== undefined) await tokens.revoke(actor, before.id);
    return made;
  }
}

import type { Clock } from '#core';
import type { ResolvedSession } from './session.js';

/** How long an answer counts, in milliseconds; a revoked token ends everywhere within the same time. */
const KEPT_MS = 1000;

/** Most answers kept; a console has far fewer people at a time. */
const ENTRIES_MAX = 1000;

/** Keeps answers for a second, by the hash of the secret, so that a page's burst of requests is one query. */
export class SessionCache {
  private readonly entries = new Map<string, { resolved: ResolvedSession; untilMs: number }>();

  constructor(private readonly clock: Clock) {}

  get(key: string): ResolvedSession | undefined {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.untilMs > this.clock.now()) return entry.resolved;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, resolved: ResolvedSession): void {
    if (this.entries.size >= ENTRIES_MAX) this.entries.clear();
    this.entries.set(key, { resolved, untilMs: this.clock.now() + KEPT_MS });
  }

  /** Forgets an account's answers: something about it changed in this process. */
  drop(accountId: string): void {
    for (const [key, { resolved }] of this.entries) if (resolved.account.id === accountId) this.entries.delete(key);
  }
}

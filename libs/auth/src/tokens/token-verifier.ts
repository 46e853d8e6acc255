import {
  anonymous,
  DomainError,
  every,
  type Authenticated,
  type Clock,
  type Credential,
  type Principal,
  type Repetition,
  type TokenCredential,
} from '#core';
import type { Database } from '#database';
import { PacedTask } from './paced-task.js';
import { parseToken, type ParsedToken } from './token-format.js';
import { refused } from './token-cache.js';
import { TokenCacheSync } from './token-cache-sync.js';

/** Between the starts of two refreshes: unknown tokens cause at most four small queries a second. */
const REFRESH_GAP_MS = 250;
const POLL_MS = 500;
const OUTAGE_MS_MAX = 300_000;

export interface TokenVerifierOptions {
  readonly database: Pick<Database, 'read'>;
  readonly clock: Clock;
  /** How long a change of another process may go unseen. By default 500 ms, with the query well within a second. */
  readonly pollMs?: number;
  /** How long tokens go on working that the database cannot be asked about. By default 5 minutes. */
  readonly outageMsMax?: number;
  /** Called once when the database can no longer be asked, and once when it can again. */
  readonly onOutage?: (err: unknown) => void;
  readonly onRecovery?: () => void;
}

/**
 * Verifies tokens from memory: a request costs no query, and a flood of made-up tokens costs a few. While the database
 * is away known tokens go on working for `outageMsMax`; then every token is refused until it is back.
 */
export class TokenVerifier {
  private readonly sync: TokenCacheSync;
  private readonly refreshes: PacedTask;
  /** When the last refresh that succeeded began: the cache is of that time. */
  private freshAtMs = -Infinity;
  /** What the last refresh failed with; undefined when it succeeded. */
  private lastFailure: DomainError | undefined;
  private polls: Repetition | undefined;
  private stopped = false;

  constructor(private readonly options: TokenVerifierOptions) {
    this.sync = new TokenCacheSync(options.database, options.clock);
    this.refreshes = new PacedTask({
      clock: options.clock,
      gapMs: REFRESH_GAP_MS,
      work: () => this.refresh(),
    });
  }

  /** Reads every token, then polls for changes until `stop`. @throws DomainError `unavailable` */
  async start(): Promise<void> {
    await this.refreshes.run();
    const { clock, pollMs = POLL_MS } = this.options;
    // onOutage heard of a failure; the next poll tries again.
    if (!this.stopped) this.polls ??= every(clock, pollMs, () => this.refreshes.run());
  }

  /** Polls for no more changes. Callers that wait for a refresh get `shutting_down`. */
  stop(): void {
    this.stopped = true;
    void this.polls?.stop();
    this.refreshes.stop();
  }

  /** Why the database cannot be asked at the moment, for people; undefined while it can. */
  get outage(): string | undefined {
    return this.lastFailure?.message;
  }

  /** How many tokens are in memory. */
  get size(): number {
    return this.sync.cache.size;
  }

  /**
   * Whom a token speaks for, and the credential for `recheck`. It finds a token that was made or rotated anywhere
   * before this call.
   *
   * @throws DomainError `unauthenticated` for one that is wrong, expired or revoked; `unavailable` when the database is
   * away and the token is not in memory, or the memory is too old
   */
  async verify(token: string): Promise<Authenticated<TokenCredential>> {
    const parsed = parseToken(token);
    if (parsed === undefined) throw refused();
    this.requireFresh();
    const known = this.open(parsed);
    if (known !== undefined) return known;
    await this.lookAgain();
    const found = this.open(parsed);
    if (found === undefined) throw refused();
    return found;
  }

  /**
   * Checks again what `verify` answered, for calls that last, and answers the principal with the rights that the token
   * has now. Cheap: from memory, at most `pollMs` behind. `none` is `anonymous`, whatever happens.
   *
   * @throws DomainError `unauthenticated` when the token was revoked or expired since, or its secret was replaced and
   * the grace is over; `unavailable` as `verify`
   */
  recheck(credential: Credential): Principal {
    if (credential === 'none') return anonymous;
    this.requireFresh();
    return this.sync.cache.recheck(credential, this.options.clock.wallMs());
  }

  private open(parsed: ParsedToken): Authenticated<TokenCredential> | undefined {
    return this.sync.cache.open(parsed, this.options.clock.wallMs());
  }

  /** While the database is away the poll alone tries it: no caller waits for what will fail. */
  private async lookAgain(): Promise<void> {
    if (this.lastFailure) throw cannotTell();
    try {
      await this.refreshes.run();
    } catch (err) {
      throw err instanceof DomainError && err.code === 'shutting_down' ? err : cannotTell(err);
    }
  }

  private requireFresh(): void {
    const ageMs = this.options.clock.now() - this.freshAtMs;
    if (ageMs <= (this.options.outageMsMax ?? OUTAGE_MS_MAX)) return;
    throw cannotTell();
  }

  private async refresh(): Promise<void> {
    const startedMs = this.options.clock.now();
    try {
      await this.sync.refresh();
    } catch (err) {
      if (!this.lastFailure) this.options.onOutage?.(err);
      this.lastFailure = DomainError.from(err);
      throw err;
    }
    this.freshAtMs = startedMs;
    if (this.lastFailure) this.options.onRecovery?.();
    this.lastFailure = undefined;
  }
}

function cannotTell(cause?: unknown): DomainError {
  return new DomainError(
    'unavailable',
    'Access tokens cannot be checked at the moment, because the database cannot be reached. Try again shortly.',
    { retryAfterMs: 1000, ...(cause === undefined ? {} : { internal: String(cause), cause }) },
  );
}

import { isAnonymous, every, Timer, type Clock, type Repetition } from '#core';
import { AccessTokenEntity, nextChange, type Database } from '#database';

const FLUSH_MS = 5000;
/** Somebody waits for the first use of a new token, so it is written soon … */
const FIRST_USE_MS = 200;
/** … but not more often than this, whatever comes. */
const BETWEEN_FIRST_USES_MS = 1000;
/** The most tokens noted between two flushes. Further ones are left out: their next request notes them again. */
const NOTES_MAX = 10_000;
/** Tokens that are known to have been used before; beyond it they are forgotten, and noted at once again. */
const KNOWN_MAX = 20_000;
/** Raised with every write, so that pages notice. */
const USES_COUNTER = 'token_uses';
const FROM_LENGTH_MAX = 100;
const PROTOCOL_LENGTH_MAX = 20;
const MODEL_LENGTH_MAX = 200;

/** How a token was used. */
export interface TokenUse {
  /** The address of the caller. */
  readonly from: string;
  /** `grpc`, `http` or `websocket`. */
  readonly protocol: string;
  /** Left out when the request named and used none. */
  readonly model?: string | undefined;
}

type Note = TokenUse & { readonly atMs: number };

/**
 * Remembers when, from where and for what each token was last used, in one transaction every 5 seconds; the first use
 * of a token in this process within a second.
 */
export class TokenUses {
  private notes = new Map<string, Note>();
  private readonly known = new Set<string>();
  private readonly firstUse: Timer;
  private isFirstAwaited = false;
  private flushedAtMs = -Infinity;
  private flushes: Repetition | undefined;

  constructor(private readonly options: { readonly database: Pick<Database, 'transaction'>; readonly clock: Clock }) {
    this.firstUse = new Timer(options.clock);
  }

  /** Notes a use in memory. A use without a model keeps the one before. */
  note(principalId: string, use: TokenUse): void {
    if (isAnonymous({ id: principalId })) return;
    const before = this.notes.get(principalId);
    if (before === undefined && this.notes.size >= NOTES_MAX) return;
    this.notes.set(principalId, { ...use, model: use.model ?? before?.model, atMs: this.options.clock.wallMs() });
    if (!this.known.has(principalId)) this.noteFirst(principalId);
  }

  start(): void {
    this.flushes ??= every(this.options.clock, FLUSH_MS, () => this.flush());
  }

  /** Writes what is left. Never rejects: without a database the last notes are lost. */
  async stop(): Promise<void> {
    this.firstUse.clear();
    await this.flushes?.stop();
    await this.flush();
  }

  /** One timer for all that come meanwhile. Before `start` and after `stop` nothing is written early. */
  private noteFirst(principalId: string): void {
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.add(principalId);
    if (!this.flushes || this.isFirstAwaited) return;
    this.isFirstAwaited = true;
    const sinceMs = this.options.clock.now() - this.flushedAtMs;
    this.firstUse.set(Math.max(FIRST_USE_MS, BETWEEN_FIRST_USES_MS - sinceMs), () => {
      this.isFirstAwaited = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    if (this.notes.size === 0) return;
    this.flushedAtMs = this.options.clock.now();
    const taken = this.notes;
    this.notes = new Map();
    try {
      await this.store(taken);
    } catch {
      // Kept for the next flush: TokenVerifier reports the outage.
      for (const [id, note] of taken) {
        const since = this.notes.get(id);
        if (since === undefined) this.notes.set(id, note);
        else this.notes.set(id, { ...since, model: since.model ?? note.model });
      }
    }
  }

  /** Locks rows in the order of their ids, so that processes cannot wait for each other in a circle. */
  private async store(notes: ReadonlyMap<string, Note>): Promise<void> {
    const sorted = [...notes].sort(([a], [b]) => (a < b ? -1 : 1));
    await this.options.database.transaction(async (manager) => {
      for (const [id, { atMs, from, protocol, model }] of sorted) {
        await manager
          .createQueryBuilder()
          .update(AccessTokenEntity)
          .set({
            lastUsedAtMs: atMs,
            lastUsedFrom: from.slice(0, FROM_LENGTH_MAX),
            lastUsedProtocol: protocol.slice(0, PROTOCOL_LENGTH_MAX),
            ...(model === undefined ? {} : { lastUsedModel: model.slice(0, MODEL_LENGTH_MAX) }),
          })
          .where('id = :id AND (last_used_at_ms IS NULL OR last_used_at_ms <= :atMs)', { id, atMs })
          .execute();
      }
      await nextChange(manager, USES_COUNTER);
    });
  }
}

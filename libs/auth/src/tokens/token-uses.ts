import { isAnonymous, every, type Clock, type Repetition } from '#core';
import { AccessTokenEntity, type Database } from '#database';

const FLUSH_MS = 5000;
/** The most tokens noted between two flushes. Further ones are left out: their next request notes them again. */
const NOTES_MAX = 10_000;
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

/** Remembers when, from where and for what each token was last used, in one transaction every 5 seconds. */
export class TokenUses {
  private notes = new Map<string, Note>();
  private flushes: Repetition | undefined;

  constructor(private readonly options: { readonly database: Pick<Database, 'transaction'>; readonly clock: Clock }) {}

  /** Notes a use in memory. A use without a model keeps the one before. */
  note(principalId: string, use: TokenUse): void {
    if (isAnonymous({ id: principalId })) return;
    const before = this.notes.get(principalId);
    if (before === undefined && this.notes.size >= NOTES_MAX) return;
    this.notes.set(principalId, { ...use, model: use.model ?? before?.model, atMs: this.options.clock.wallMs() });
  }

  start(): void {
    this.flushes ??= every(this.options.clock, FLUSH_MS, () => this.flush());
  }

  /** Writes what is left. Never rejects: without a database the last notes are lost. */
  async stop(): Promise<void> {
    await this.flushes?.stop();
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.notes.size === 0) return;
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
    });
  }
}

import { isAnonymous, every, Timer, type Clock, type Credential, type Repetition } from '#core';
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
  /** By which secret it was let in, so that a rotation shows whether the old one is silent. */
  readonly credential?: Credential | undefined;
}

interface Note {
  readonly tokenId: string;
  /** The digest of the secret; empty where nobody said which it was. */
  readonly secretSha256: string;
  readonly from: string;
  readonly protocol: string;
  readonly model: string | undefined;
  readonly atMs: number;
  readonly requests: number;
}

/**
 * Remembers when, from where and for what each token was last used, and how many requests came with each of its
 * secrets: in one transaction every 5 seconds; the first use of a token in this process within a second.
 */
export class TokenUses {
  /** By token and secret. */
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
    const { from, protocol, model, credential } = use;
    const secretSha256 = credential === undefined || credential === 'none' ? '' : credential.secretSha256;
    const key = `${principalId} ${secretSha256}`;
    const before = this.notes.get(key);
    if (before === undefined && this.notes.size >= NOTES_MAX) return;
    this.notes.set(key, {
      ...{ tokenId: principalId, secretSha256, from, protocol, model: model ?? before?.model },
      ...{ atMs: this.options.clock.wallMs(), requests: (before?.requests ?? 0) + 1 },
    });
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
      await this.store(taken.values());
    } catch {
      // Kept for the next flush: TokenVerifier reports the outage.
      for (const [key, note] of taken) {
        const since = this.notes.get(key);
        const model = since?.model ?? note.model;
        this.notes.set(key, { ...(since ?? note), model, requests: note.requests + (since?.requests ?? 0) });
      }
    }
  }

  /** Locks rows in the order of their ids, so that processes cannot wait for each other in a circle. */
  private async store(notes: Iterable<Note>): Promise<void> {
    const sorted = [...notes].sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1));
    await this.options.database.transaction(async (manager) => {
      for (const note of sorted) {
        await manager
          .createQueryBuilder()
          .update(AccessTokenEntity)
          .set(columnsOf(note))
          .where('id = :id', { id: note.tokenId })
          .setParameters(parametersOf(note))
          .execute();
      }
      await nextChange(manager, USES_COUNTER);
    });
  }
}

/** Whether the row knows of no later use. */
const IS_LATEST = '(last_used_at_ms IS NULL OR last_used_at_ms <= :atMs)';
const IS_PRESENT = 'secret_sha256 = :secretSha256';
const IS_PREVIOUS = 'previous_secret_sha256 = :secretSha256';

type Columns = Partial<Record<keyof AccessTokenEntity, () => string>>;

/** One statement whatever the secret: it may have been replaced since the request. */
function columnsOf({ model }: Note): Columns {
  const latest = (column: string, value: string) => () => `CASE WHEN ${IS_LATEST} THEN ${value} ELSE ${column} END`;
  const counted = (column: string, is: string) => () => `${column} + CASE WHEN ${is} THEN ${ONE_MORE} ELSE 0 END`;
  const later = (column: string, is: string) => () =>
    `CASE WHEN ${is} AND (${column} IS NULL OR ${column} < :atMs) THEN :atMs ELSE ${column} END`;
  return {
    lastUsedAtMs: latest('last_used_at_ms', ':atMs'),
    lastUsedFrom: latest('last_used_from', ':from'),
    lastUsedProtocol: latest('last_used_protocol', ':protocol'),
    ...(model === undefined ? {} : { lastUsedModel: latest('last_used_model', ':model') }),
    presentRequests: counted('present_requests', IS_PRESENT),
    presentUsedAtMs: later('present_used_at_ms', IS_PRESENT),
    previousRequests: counted('previous_requests', IS_PREVIOUS),
    previousUsedFrom: () =>
      `CASE WHEN ${IS_PREVIOUS} AND (previous_used_at_ms IS NULL OR previous_used_at_ms <= :atMs)
       THEN :from ELSE previous_used_from END`,
    previousUsedAtMs: later('previous_used_at_ms', IS_PREVIOUS),
  };
}

/** PostgreSQL takes a parameter for a text unless it is told. */
const ONE_MORE = 'CAST(:requests AS bigint)';

function parametersOf({ secretSha256, atMs, requests, from, protocol, model }: Note): Record<string, unknown> {
  return {
    ...{ secretSha256, atMs, requests },
    from: from.slice(0, FROM_LENGTH_MAX),
    protocol: protocol.slice(0, PROTOCOL_LENGTH_MAX),
    ...(model === undefined ? {} : { model: model.slice(0, MODEL_LENGTH_MAX) }),
  };
}

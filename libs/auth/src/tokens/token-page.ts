import { Brackets, type SelectQueryBuilder } from 'typeorm';
import { DomainError, type Scope } from '#core';
import { AccessTokenEntity, containing, type Database } from '#database';
import { EXPIRES_SOON_MS, type TokenCondition } from './token-conditions.js';
import { TOKEN_PREFIX } from './token-format.js';
import { tokenRecordOf, type TokenRecord } from './token-record.js';

/** By what a list of tokens is sorted: the newest, the latest used, the next to expire, or the first name first. */
export const TOKEN_ORDERS = ['created', 'lastUsed', 'expires', 'name'] as const;
export type TokenOrder = (typeof TOKEN_ORDERS)[number];

/** Which tokens a page is of; what is left out does not narrow. */
export interface TokenPageQuery {
  /** The id of an account; null for those that were made on the host. */
  readonly ownerId?: string | null | undefined;
  readonly condition?: TokenCondition | undefined;
  /** For the conditions that follow from usage: the tokens that have it. */
  readonly ids?: readonly string[] | undefined;
  readonly scope?: Scope | undefined;
  /** A model that the token may use, by being limited to it or to none. */
  readonly model?: string | undefined;
  /** A part of the name in either case; or the id, the public part, or the whole token. */
  readonly name?: string | undefined;
  /** Also those that were revoked or have expired. */
  readonly includeEnded?: boolean | undefined;
  readonly order?: TokenOrder | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface TokenPage {
  readonly records: readonly TokenRecord[];
  /** Undefined at the end. */
  readonly next: string | undefined;
  /** How many there are on all pages together. */
  readonly total: number;
}

/**
 * One page of tokens. Two statements, whatever their number: the page, which begins after the last row of the one
 * before and not at a count of rows, and how many there are.
 *
 * @throws DomainError `invalid_argument` for an `after` that no page had
 */
export async function pageOfTokens(
  database: Pick<Database, 'read' | 'dialect'>,
  query: TokenPageQuery,
  nowMs: number,
): Promise<TokenPage> {
  const order = ORDERS[query.order ?? 'created'];
  return database.read(async (manager) => {
    const matching = manager.createQueryBuilder(AccessTokenEntity, 'token');
    narrow(matching, query, database.dialect, nowMs);
    const total = await matching.getCount();
    if (query.after !== undefined) startAfter(matching, order, positionOf(query.after));
    const found = await matching
      .addSelect(order.column, 'sorted')
      .orderBy('sorted', order.direction)
      .addOrderBy('token.id', 'ASC')
      .limit(query.limit + 1)
      .getMany();
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return {
      records: shown.map((entity) => tokenRecordOf(entity, nowMs)),
      next:
        last === undefined
          ? undefined
          : Buffer.from(JSON.stringify([order.valueOf(last), last.id])).toString('base64url'),
      total,
    };
  });
}

interface Order {
  /** In SQL, without null: it could not be compared. */
  readonly column: string;
  readonly direction: 'ASC' | 'DESC';
  /** The value of `column` of a row, or one that `given` makes it of. */
  readonly valueOf: (entity: AccessTokenEntity) => number | string;
  readonly given: string;
}

const NEVER_MS = Number.MAX_SAFE_INTEGER;

const ORDERS: Readonly<Record<TokenOrder, Order>> = {
  created: { column: 'token.created_at_ms', direction: 'DESC', valueOf: (token) => token.createdAtMs, given: ':value' },
  lastUsed: {
    column: 'COALESCE(token.last_used_at_ms, 0)',
    direction: 'DESC',
    valueOf: (token) => token.lastUsedAtMs ?? 0,
    given: ':value',
  },
  expires: {
    column: `COALESCE(token.expires_at_ms, ${NEVER_MS})`,
    direction: 'ASC',
    valueOf: (token) => token.expiresAtMs ?? NEVER_MS,
    given: ':value',
  },
  name: { column: 'LOWER(token.name)', direction: 'ASC', valueOf: (token) => token.name, given: 'LOWER(:value)' },
};

type Query = SelectQueryBuilder<AccessTokenEntity>;

function startAfter(query: Query, { column, direction, given }: Order, [value, id]: [number | string, string]): void {
  const beyond = direction === 'ASC' ? '>' : '<';
  query.andWhere(
    new Brackets((where) =>
      where
        .where(`${column} ${beyond} ${given}`, { value })
        .orWhere(`(${column} = ${given} AND token.id > :id)`, { value, id }),
    ),
  );
}

/** @throws DomainError `invalid_argument` */
function positionOf(after: string): [number | string, string] {
  try {
    const read: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (Array.isArray(read)) {
      const [value, id]: unknown[] = read;
      if ((typeof value === 'number' || typeof value === 'string') && typeof id === 'string') return [value, id];
    }
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new DomainError('invalid_argument', 'cursor must be the cursor of the page before, as it was answered.');
}

function narrow(query: Query, wanted: TokenPageQuery, dialect: Database['dialect'], nowMs: number): void {
  const { ownerId, condition, ids, scope, model, name, includeEnded = false } = wanted;
  if (ownerId !== undefined)
    query.andWhere(ownerId === null ? 'token.ownerId IS NULL' : 'token.ownerId = :ownerId', { ownerId });
  if (condition !== undefined) query.andWhere(CONDITIONS[condition], { nowMs, soonMs: nowMs + EXPIRES_SOON_MS });
  else if (!includeEnded) query.andWhere(LIVING, { nowMs });
  if (ids !== undefined) {
    // One value for all ids: SQLite takes no more than 32,766 in a statement.
    if (dialect === 'postgres') query.andWhere('token.id = ANY(:ids)', { ids });
    else query.andWhere('token.id IN (SELECT value FROM json_each(:ids))', { ids: JSON.stringify(ids) });
  }
  if (scope !== undefined)
    query.andWhere(`token.scopes LIKE :scope ESCAPE '!'`, { scope: containing(JSON.stringify(scope)) });
  if (model !== undefined) {
    const named = { model: containing(JSON.stringify(model)) };
    query.andWhere(`(token.models IS NULL OR token.models LIKE :model ESCAPE '!')`, named);
  }
  if (name !== undefined && name !== '') narrowByName(query, name.trim());
}

function narrowByName(query: Query, name: string): void {
  const lookup = name.startsWith(TOKEN_PREFIX) ? name.slice(TOKEN_PREFIX.length, TOKEN_PREFIX.length + 12) : name;
  query.andWhere(
    new Brackets((where) =>
      where
        .where(`LOWER(token.name) LIKE LOWER(:name) ESCAPE '!'`, { name: containing(name) })
        .orWhere('token.lookup = :lookup', { lookup })
        .orWhere('token.id = :tokenId', { tokenId: name }),
    ),
  );
}

const LIVING = '(token.revokedAtMs IS NULL AND (token.expiresAtMs IS NULL OR token.expiresAtMs > :nowMs))';
/** Those of the playground need nothing, whatever else is true of them. */
const ORDINARY = `(${LIVING} AND token.purpose IS NULL)`;
const SOON = '(token.expiresAtMs IS NOT NULL AND token.expiresAtMs <= :soonMs)';
const ROTATING = '(token.previousValidUntilMs IS NOT NULL AND token.previousValidUntilMs > :nowMs)';

/** What `conditionsOf` says, in SQL; of those that follow from usage only that the token lives (`ids` has the rest). */
const CONDITIONS: Readonly<Record<TokenCondition, string>> = {
  active: `(${ORDINARY} AND NOT ${SOON} AND NOT ${ROTATING} AND token.lastUsedAtMs IS NOT NULL)`,
  unused: `(${ORDINARY} AND token.lastUsedAtMs IS NULL)`,
  expires_soon: `(${ORDINARY} AND ${SOON})`,
  rotating: `(${ORDINARY} AND ${ROTATING})`,
  playground: `(${LIVING} AND token.purpose = 'playground')`,
  refused_often: ORDINARY,
  limited_often: ORDINARY,
  expired: '(token.revokedAtMs IS NULL AND token.expiresAtMs <= :nowMs)',
  revoked: 'token.revokedAtMs IS NOT NULL',
};

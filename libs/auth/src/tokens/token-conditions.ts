import type { TokenRecord, TokenRotation } from './token-record.js';

/**
 * What there is to know of a token at a glance. A token may have several; `active` stands alone, for one that is used
 * and needs nothing, and so does `playground`, for one that the service keeps for its own page.
 */
export const TOKEN_CONDITIONS = [
  'revoked',
  'expired',
  'playground',
  'refused_often',
  'limited_often',
  'expires_soon',
  'rotating',
  'unused',
  'active',
] as const;
export type TokenCondition = (typeof TOKEN_CONDITIONS)[number];

/** One condition, with why it applies and what to do about it; `todo` is null where nothing has to be done. */
export interface TokenConditionNote {
  readonly condition: TokenCondition;
  readonly why: string;
  readonly todo: string | null;
}

/** Requests of a token in the last 7 days. */
export interface RecentRequests {
  /** Let in. */
  readonly requests: number;
  /** Turned away by a limit. */
  readonly refused: number;
  /** Turned away by scopes or models. */
  readonly denied: number;
}

/** A token expires soon when it does so within this time. */
export const EXPIRES_SOON_MS = 7 * 86_400_000;

/** A token is turned away often when more than this part of its requests is. */
export const OFTEN_SHARE = 0.1;

type Looked = Pick<TokenRecord, 'status' | 'revokedAtMs' | 'restorableUntilMs' | 'expiresAtMs' | 'createdAtMs'> &
  Pick<TokenRecord, 'graceUntilMs' | 'rotation' | 'lastUsed' | 'purpose'>;

/**
 * The conditions of a token, the gravest first, never empty. Of one that has ended nothing else matters. One of the
 * playground never asks for anything to be done: the service makes and ends it.
 *
 * @param recent its requests of the last 7 days
 */
export function conditionsOf(token: Looked, recent: RecentRequests, nowMs: number): readonly TokenConditionNote[] {
  const total = recent.requests + recent.refused + recent.denied;
  const found = TOKEN_CONDITIONS.flatMap((condition) => {
    const words = WORDS[condition](token, { ...recent, total }, nowMs);
    return words === undefined ? [] : [{ condition, ...words }];
  });
  if (token.purpose !== null) return found.slice(0, 1).map((note) => ({ ...note, todo: null }));
  if (token.status !== 'active') return found.slice(0, 1);
  return found.length > 1 ? found.filter(({ condition }) => condition !== 'active') : found;
}

type Words = Pick<TokenConditionNote, 'why' | 'todo'>;
type Counted = RecentRequests & { readonly total: number };

/** Undefined where the condition does not apply. */
const WORDS: Readonly<Record<TokenCondition, (token: Looked, recent: Counted, nowMs: number) => Words | undefined>> = {
  revoked: ({ status, revokedAtMs, restorableUntilMs }) =>
    status !== 'revoked'
      ? undefined
      : {
          why: `It was revoked on ${timeOf(revokedAtMs)}. Every request with it is refused.`,
          todo:
            restorableUntilMs === null
              ? 'Create a new token for whoever still needs one.'
              : `Undo it until ${timeOf(restorableUntilMs)} if it was the wrong one.`,
        },
  expired: ({ status, expiresAtMs }) =>
    status !== 'expired'
      ? undefined
      : {
          why: `It expired on ${timeOf(expiresAtMs)}. Every request with it is refused.`,
          todo: 'Create a new token for whoever still needs one.',
        },
  playground: ({ purpose, expiresAtMs }) =>
    purpose !== 'playground'
      ? undefined
      : {
          why: `The service made it for the playground of its owner, and replaces it before it expires on ${timeOf(expiresAtMs)}.`,
          todo: null,
        },
  refused_often: (_, { denied, total }) =>
    denied <= OFTEN_SHARE * total
      ? undefined
      : {
          why: `${denied} of its ${total} requests in the last 7 days asked for something that its scopes or models do not allow.`,
          todo: 'Give it the scope or the model that its caller needs, or correct the caller.',
        },
  limited_often: (_, { refused, total }) =>
    refused <= OFTEN_SHARE * total
      ? undefined
      : {
          why: `${refused} of its ${total} requests in the last 7 days were turned away by a limit.`,
          todo: 'Raise its limits, or let its caller send less at a time.',
        },
  expires_soon: ({ expiresAtMs }, _, nowMs) =>
    expiresAtMs === null || expiresAtMs > nowMs + EXPIRES_SOON_MS
      ? undefined
      : {
          why: `It expires on ${timeOf(expiresAtMs)}.`,
          todo: 'Give it more time, or replace it with a new one before that.',
        },
  rotating: ({ graceUntilMs, rotation }) =>
    graceUntilMs === null ? undefined : rotatingWords(graceUntilMs, rotation?.previous),
  unused: ({ lastUsed, createdAtMs }) =>
    lastUsed !== null
      ? undefined
      : {
          why: `Nobody has used it since it was made on ${timeOf(createdAtMs)}.`,
          todo: 'Put it where its program reads it, or revoke it if nobody needs it.',
        },
  active: () => ({ why: 'It is used, and nothing needs to be done.', todo: null }),
};

function rotatingWords(graceUntilMs: number, old: TokenRotation['previous'] | undefined): Words {
  const until = `It was rotated. The old secret works until ${timeOf(graceUntilMs)}`;
  if (old === undefined || old.requests === 0) {
    return {
      why: `${until}, and no request has come with it since.`,
      todo: 'End the grace once every caller has the new secret.',
    };
  }
  const requests = old.requests === 1 ? '1 request has' : `${old.requests} requests have`;
  const from = old.lastUsedFrom === null ? '' : ` (last from ${old.lastUsedFrom})`;
  return {
    why: `${until}, and ${requests} come with it since.`,
    todo: `Give the new secret to whoever still sends the old one${from}.`,
  };
}

/** For people, to the minute, in UTC. */
function timeOf(ms: number | null): string {
  return ms === null ? 'an unknown day' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

import { z } from 'zod';
import { ACCOUNT_ROLES, type Account, type IssuedToken, type TokenRecord } from '#auth';
import { DomainError, isScope, LOG_LEVELS, USAGE_LIMIT_NAMES, type UsageLimits } from '#core';
import type {
  Link,
  ModelsChanged,
  ModelsPlan,
  TokenUse,
  TracedRequest,
  TracedSpan,
  TraceSummary,
} from './access-backend.js';

/**
 * Reads the JSON that a server answered: nothing of it is believed unseen, and keys that a schema does not name are
 * dropped.
 *
 * @throws DomainError `internal` for JSON that is not what the schema says
 *
 * @example
 * const { tokens } = parseAnswer(tokenListAnswer, await client.json('/api/tokens'));
 */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const { success, data } = schema.safeParse(json);
  if (success) return data;
  throw new DomainError(
    'internal',
    'The server does not answer like the admin API of this version. Check that the URL is that of the admin port, and ' +
      'that this command has the same version as the server.',
  );
}

const limit = z.number().nullish();

const limitsAnswer = z
  .object({ requestsPerMinute: limit, itemsPerDay: limit, itemsInFlight: limit } satisfies Record<
    keyof UsageLimits,
    typeof limit
  >)
  .transform((given): UsageLimits => {
    const entries = USAGE_LIMIT_NAMES.map((name) => [name, given[name]] as const);
    return Object.fromEntries(entries.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
  });

/** What the admin API says of a token. A scope of a newer server that this command does not know is left out. */
export const tokenAnswer = z.object({
  id: z.string(),
  publicPart: z.string(),
  name: z.string(),
  ownerId: z.string().nullable(),
  scopes: z.array(z.string()).transform((scopes) => scopes.filter(isScope)),
  models: z.array(z.string()).nullable().default(null),
  limits: limitsAnswer,
  purpose: z.literal('playground').nullable().catch(null),
  createdAtMs: z.number(),
  createdBy: z.string(),
  expiresAtMs: z.number().nullable(),
  revokedAtMs: z.number().nullable(),
  graceUntilMs: z.number().nullable(),
  status: z.enum(['active', 'expired', 'revoked']),
  storesInputs: z.boolean().default(false),
  restorableUntilMs: z.number().nullable().default(null),
  rotation: z
    .object({
      atMs: z.number(),
      present: z.object({ requests: z.number(), lastUsedAtMs: z.number().nullable() }),
      previous: z.object({
        requests: z.number(),
        lastUsedAtMs: z.number().nullable(),
        lastUsedFrom: z.string().nullable(),
      }),
    })
    .nullable()
    .default(null),
  lastUsed: z
    .object({
      atMs: z.number(),
      from: z.string().nullable(),
      protocol: z.string().nullable(),
      model: z.string().nullable(),
    })
    .nullable()
    .default(null),
}) satisfies z.ZodType<TokenRecord>;

export const tokenListAnswer = z.object({ tokens: z.array(tokenAnswer), cursor: z.string().nullable().default(null) });

/** A token that was made or rotated. */
export const issuedTokenAnswer = z.object({
  token: z.string(),
  record: tokenAnswer,
}) satisfies z.ZodType<IssuedToken>;

export const accountAnswer = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ACCOUNT_ROLES),
  status: z.enum(['active', 'invited', 'disabled']),
  hasPassword: z.boolean(),
  hasSingleSignOn: z.boolean(),
  createdAtMs: z.number(),
  lastLoginAtMs: z.number().nullable(),
}) satisfies z.ZodType<Account>;

export const accountListAnswer = z.object({
  accounts: z.array(accountAnswer),
  cursor: z.string().nullable().default(null),
});

/** A page that works once. */
export const linkAnswer = z.object({ url: z.string(), expiresAtMs: z.number() }) satisfies z.ZodType<Link>;

/** An account that was invited, with the link to send to its person. */
export const invitationAnswer = z.object({ account: accountAnswer, link: linkAnswer });

export const usageAnswer = z.object({
  rows: z.array(
    z.object({
      startMs: z.number(),
      tokenId: z.string(),
      tokenName: z.string().nullable(),
      model: z.string(),
      requests: z.number(),
      items: z.number(),
      refused: z.number(),
      denied: z.number().default(0),
    }) satisfies z.ZodType<TokenUse>,
  ),
});

const traceSummary = z.object({
  traceId: z.string(),
  requestId: z.string(),
  pod: z.string(),
  startedAtMs: z.number(),
  durationMs: z.number(),
  protocol: z.string(),
  operation: z.string(),
  model: z.string().nullable(),
  outcome: z.string(),
  tokenId: z.string(),
  tokenName: z.string().nullable(),
  items: z.number(),
  kept: z.string(),
}) satisfies z.ZodType<TraceSummary>;

const tracedSpan = z.object({
  name: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  startMs: z.number(),
  endMs: z.number(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  links: z.array(z.object({ traceId: z.string() })),
  error: z.string().nullable(),
}) satisfies z.ZodType<TracedSpan>;

/** Where was looked for traces: the reasons of what was not asked. */
const notAsked = z
  .array(z.object({ asked: z.boolean(), reason: z.string().nullable() }))
  .transform((sources) => sources.flatMap(({ reason }) => reason ?? []));

export const tracesAnswer = z.object({ traces: z.array(traceSummary), sources: notAsked });

export const traceAnswer = z.object({
  traces: z.array(traceSummary.extend({ spans: z.array(tracedSpan) }) satisfies z.ZodType<TracedRequest>),
  sources: notAsked,
});

/** What a change of the models would do. */
export const planAnswer = z.object({
  steps: z.array(z.object({ text: z.string() })).transform((steps) => steps.map(({ text }) => text)),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<ModelsPlan>;

/** A change of the models that was made. */
export const changeAnswer = z.object({
  version: z.number(),
  undoVersion: z.number().nullable(),
  stops: z.array(z.string()),
}) satisfies z.ZodType<ModelsChanged>;

/** The differences between two versions of the models. */
export const comparisonAnswer = z.object({ differences: z.array(z.object({ text: z.string() })) });

/** What is logged, and until when; null = as the settings of the process that answers say. */
export const logLevelAnswer = z.object({
  level: z.enum(LOG_LEVELS),
  untilMs: z.number().nullable(),
});

/** The settings of the process that answers. */
export const settingsAnswer = z.object({
  settings: z.array(
    z.object({
      name: z.string(),
      group: z.string(),
      value: z.string().nullable(),
      default: z.string().nullable(),
      isSet: z.boolean(),
      isSecret: z.boolean(),
      source: z.string(),
      from: z.string().nullable(),
      overridden: z.array(z.string()).readonly(),
    }),
  ),
});

/** One setting, as the admin API and this host tell it. */
export type SettingAnswer = z.output<typeof settingsAnswer>['settings'][number];

/** Who the server takes the caller for; a token that was made on the host has no account. */
export const sessionAnswer = z.object({
  account: z.object({ email: z.string() }).nullish(),
  role: z.enum(ACCOUNT_ROLES),
  permissions: z.array(z.string()),
});

/** What the server says to a log-in by password. */
export const logInAnswer = z.object({ csrfToken: z.string() });

/** A failure as the admin API words it. */
export const failureAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

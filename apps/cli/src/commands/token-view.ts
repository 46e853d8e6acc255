import type { IssuedToken, TokenRecord } from '#auth';
import { toIso, table, formatTime } from '../terminal/table.js';

/** Formats a token for `--json`: times as ISO 8601 in UTC. */
export function tokenJson(record: TokenRecord): Record<string, unknown> {
  const { id, publicPart, name, ownerId, scopes, models, limits, createdBy, status, lastUsed } = record;
  return {
    ...{ id, publicPart, name, status },
    expiresAt: toIso(record.expiresAtMs),
    ...{ scopes, models, limits, ownerId },
    createdAt: toIso(record.createdAtMs),
    createdBy,
    revokedAt: toIso(record.revokedAtMs),
    graceUntil: toIso(record.graceUntilMs),
    lastUsed: lastUsed && {
      at: toIso(lastUsed.atMs),
      from: lastUsed.from,
      protocol: lastUsed.protocol,
      model: lastUsed.model,
    },
  };
}

/** Formats a new token with its secret, which is shown this once. */
export function issuedJson({ token, record }: IssuedToken): Record<string, unknown> {
  return { token, ...tokenJson(record) };
}

export function tokenTable(records: readonly TokenRecord[]): string {
  const heading = ['NAME', 'STATUS', 'EXPIRES', 'LAST USED', 'SCOPES', 'MODELS', 'LIMITS', 'PUBLIC PART', 'ID'];
  return table(heading, records.map(rowOf));
}

/** Describes a token that was just made or changed, in one sentence. */
export function describeToken(record: TokenRecord): string {
  const models = record.models === null ? 'every model' : `the models ${record.models.join(', ')}`;
  const limits = limitsText(record);
  const end =
    record.expiresAtMs === null ? 'it never expires' : `it expires ${formatTime(record.expiresAtMs, 'never')}`;
  return (
    `${record.name} (${record.id}) may ${record.scopes.join(', ')} with ${models}` +
    `${limits === '-' ? '' : `, ${limits}`}; ${end}.`
  );
}

function rowOf(record: TokenRecord): string[] {
  return [
    record.name,
    record.status,
    formatTime(record.expiresAtMs, 'never'),
    lastUseText(record),
    record.scopes.join(','),
    record.models?.join(',') ?? 'all',
    limitsText(record),
    record.publicPart,
    record.id,
  ];
}

function lastUseText({ lastUsed }: TokenRecord): string {
  if (lastUsed === null) return 'never';
  const { atMs, from, protocol, model } = lastUsed;
  return [formatTime(atMs, ''), protocol, from, model].filter((part) => part !== null).join(' ');
}

function limitsText({ limits }: TokenRecord): string {
  const { requestsPerMinute, itemsPerDay, itemsInFlight } = limits;
  const texts = [
    requestsPerMinute === undefined ? [] : [`${requestsPerMinute} requests/min`],
    itemsPerDay === undefined ? [] : [`${itemsPerDay} items/day`],
    itemsInFlight === undefined ? [] : [`${itemsInFlight} items in flight`],
  ].flat();
  return texts.length === 0 ? '-' : texts.join(', ');
}

import {
  DomainError,
  INFERENCE_SCOPES,
  isScope,
  MODEL_LIMITS,
  SCOPES,
  USAGE_LIMIT_NAMES,
  type UsageLimits,
} from '#core';
import type { AccessTokenEntity } from '#database';

/** Bounds of what may be said of a token; the admin API's bodies keep the same ones. */
export const TOKEN_LIMITS = {
  /** Characters of its name, without the spaces around it. */
  nameLengthMax: 100,
  /** Days until it expires: ten years. */
  daysMax: 3650,
  /** Models that it may be limited to. */
  modelsMax: 100,
  /** How long an old secret stays valid after a rotation, in days. */
  graceDaysMax: 7,
} as const;

const DAY_MS = 86_400_000;

/** What a token shall be, when it is made and when it is changed. It comes from outside, so every value is checked. */
export interface TokenSpec {
  /** 1 to 100 printable characters. */
  readonly name: string;
  /** At least one; by default everything but administration. */
  readonly scopes?: readonly string[];
  /** Names as callers use them; null or left out = every model. */
  readonly models?: readonly string[] | null;
  /** By default none. */
  readonly limits?: UsageLimits;
  /** Whether what is sent with it may be stored. By default not. */
  readonly storesInputs?: boolean;
}

type Columns = Pick<AccessTokenEntity, 'name' | 'scopes' | 'models' | 'limits' | 'storesInputs'>;

/**
 * The columns of a spec; those of `current` for what the spec leaves out.
 *
 * @throws DomainError `invalid_argument` for the first wrong one, with what is allowed
 */
export function columnsOf(spec: Partial<TokenSpec>, current?: Columns): Columns {
  return {
    name: current !== undefined && spec.name === undefined ? current.name : checkedName(spec.name ?? ''),
    scopes:
      current !== undefined && spec.scopes === undefined
        ? current.scopes
        : JSON.stringify(checkedScopes(spec.scopes ?? INFERENCE_SCOPES)),
    models: spec.models === undefined ? (current?.models ?? null) : modelsColumn(spec.models),
    limits: spec.limits === undefined ? (current?.limits ?? '{}') : JSON.stringify(checkedLimits(spec.limits)),
    storesInputs: spec.storesInputs === undefined ? (current?.storesInputs ?? null) : spec.storesInputs ? 1 : null,
  };
}

/**
 * When a token ends that lives for this many days; null for never.
 *
 * @throws DomainError `invalid_argument`
 */
export function expiryOf(expiresInDays: number | null, nowMs: number): number | null {
  if (expiresInDays === null) return null;
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > TOKEN_LIMITS.daysMax) {
    throw wrong(
      `The days until a token expires must be a whole number from 1 to ${TOKEN_LIMITS.daysMax}; ` +
        'leave them out for a token that never expires.',
    );
  }
  return nowMs + expiresInDays * DAY_MS;
}

/** @throws DomainError `invalid_argument` */
export function checkedGrace(graceMs: number): number {
  if (Number.isInteger(graceMs) && graceMs >= 0 && graceMs <= TOKEN_LIMITS.graceDaysMax * DAY_MS) return graceMs;
  throw wrong(`The old secret can stay valid for 0 to ${TOKEN_LIMITS.graceDaysMax} days after a rotation.`);
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length > 0 && trimmed.length <= TOKEN_LIMITS.nameLengthMax && isPrintable(trimmed)) return trimmed;
  throw wrong(`The name of a token must be 1 to ${TOKEN_LIMITS.nameLengthMax} printable characters.`);
}

function checkedScopes(scopes: readonly string[]): readonly string[] {
  if (scopes.length === 0) throw wrong(`A token needs at least one scope. The scopes are: ${SCOPES.join(', ')}.`);
  if (!scopes.every(isScope)) throw wrong(`There is no such scope. The scopes are: ${SCOPES.join(', ')}.`);
  return SCOPES.filter((scope) => scopes.includes(scope));
}

function modelsColumn(models: readonly string[] | null): string | null {
  if (models === null) return null;
  const areNames = models.every(
    (model) => typeof model === 'string' && /^\S+$/.test(model) && model.length <= MODEL_LIMITS.nameLengthMax,
  );
  if (models.length === 0 || models.length > TOKEN_LIMITS.modelsMax || !areNames || !models.every(isPrintable)) {
    throw wrong(
      `The models of a token must be 1 to ${TOKEN_LIMITS.modelsMax} names of models, or left out to allow every model.`,
    );
  }
  return JSON.stringify([...new Set(models)]);
}

function checkedLimits(limits: UsageLimits): UsageLimits {
  const unknown = Object.keys(limits).some((name) => !USAGE_LIMIT_NAMES.some((known) => known === name));
  if (unknown) throw wrong(`There is no such limit. The limits are: ${USAGE_LIMIT_NAMES.join(', ')}.`);
  const values = Object.values(limits).filter((limit) => limit !== undefined);
  if (values.every((limit) => Number.isSafeInteger(limit) && limit >= 1)) return limits;
  throw wrong('A limit must be a whole number of at least 1; leave it out for none.');
}

/** No control, format, private, unassigned or line-breaking characters: they hide in terminals and logs. */
function isPrintable(text: string): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
}

function wrong(text: string): DomainError {
  return new DomainError('invalid_argument', text);
}

import type { UsageLimitName } from '#core';
import type { RateLimitState } from './rate-limit.js';

const POLICY_NAMES: Record<UsageLimitName, string> = {
  requestsPerMinute: 'requests',
  itemsPerDay: 'items',
  itemsInFlight: 'in-flight',
};

/**
 * The header fields (or, in lower case, trailers) that tell a caller its limits: `RateLimit-Policy` and `RateLimit` as
 * structured fields (draft-ietf-httpapi-ratelimit-headers-10), and the three older `RateLimit-*` fields for the limit
 * of which the smallest part is left. Seconds, rounded up. Empty when no limit applies.
 */
export function formatRateLimit(states: readonly RateLimitState[]): Record<string, string> {
  const tightest = tightestOf(states);
  if (tightest === undefined) return {};
  return {
    'RateLimit-Policy': states.map(policyOf).join(', '),
    RateLimit: states.map((state) => `${nameOf(state)};r=${state.remaining};t=${seconds(state.resetMs)}`).join(', '),
    'RateLimit-Limit': String(tightest.limit),
    'RateLimit-Remaining': String(tightest.remaining),
    'RateLimit-Reset': String(seconds(tightest.resetMs)),
  };
}

function policyOf(state: RateLimitState): string {
  const window = state.windowMs === undefined ? '' : `;w=${seconds(state.windowMs)}`;
  return `${nameOf(state)};q=${state.limit}${window}`;
}

function nameOf(state: RateLimitState): string {
  return `"${POLICY_NAMES[state.name]}"`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function tightestOf(states: readonly RateLimitState[]): RateLimitState | undefined {
  const share = (state: RateLimitState): number => state.remaining / state.limit;
  return [...states].sort((a, b) => share(a) - share(b))[0];
}

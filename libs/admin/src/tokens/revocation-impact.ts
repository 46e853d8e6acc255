import { Inject, Injectable } from '@nestjs/common';
import { RESTORE_MS_MAX, type TokenRecord } from '#auth';
import type { Clock } from '#core';
import { UsageRecorder } from '#metering';
import { CLOCK } from '../services/admin-services.js';
import type { ModelUseView, SinceView, TokenImpact } from './token-impact.dto.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MODELS_MAX = 20;

interface UsedHour {
  readonly startMs: number;
  readonly model: string;
  readonly requests: number;
  readonly items: number;
}

/** What a revocation of a token would break, from what the token did lately. */
@Injectable()
export class RevocationImpact {
  constructor(
    private readonly usage: UsageRecorder,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(token: TokenRecord): Promise<TokenImpact> {
    const nowMs = this.clock.wallMs();
    // Two questions: a week by the hour could have more rows than one answer may.
    const ask = { principalIds: [token.id], toMs: nowMs };
    const [hours, week] = await Promise.all([
      this.usage.query({ ...ask, fromMs: nowMs - DAY_MS, by: 'hour' }),
      this.usage.query({ ...ask, fromMs: nowMs - 7 * DAY_MS, by: 'total' }),
    ]);
    const lastHour = since(hours, beginOf(nowMs - HOUR_MS));
    const lastDay = since(hours, beginOf(nowMs - DAY_MS));
    const models = modelsOf(week);
    return {
      ...{ lastUsed: token.lastUsed, lastHour, lastDay, last7Days: since(week, beginOf(nowMs - 7 * DAY_MS)), models },
      willFail: willFail(token, { lastDay, models }),
      undoMs: RESTORE_MS_MAX,
    };
  }
}

/** What will fail once the token is revoked, a sentence each; never empty. */
function willFail(
  { lastUsed, status, scopes, graceUntilMs }: Pick<TokenRecord, 'lastUsed' | 'status' | 'scopes' | 'graceUntilMs'>,
  { lastDay, models }: { lastDay: SinceView; models: readonly ModelUseView[] },
): string[] {
  if (status !== 'active') return ['Nothing: it has ended, and its requests are refused already.'];
  if (lastUsed === null) return ['Nothing that is known: nobody has used it yet.'];
  const [most] = models;
  return [
    `Every request with it is refused within a second, as unauthenticated (401).${lastDay.requests === 0 ? ' None has come in the last day.' : ''}`,
    ...(lastDay.requests === 0
      ? []
      : [
          `${count(lastDay.requests, 'request')} came with it in the last day${most === undefined ? '' : `, most of them for ${most.model}`}.`,
        ]),
    `The last one came ${lastUsed.from === null ? '' : `from ${lastUsed.from} `}over ${lastUsed.protocol ?? 'an unknown protocol'}. Streams that are open end at their next request.`,
    ...(scopes.includes('admin:*') ? ['Programs that administer the service by it stop working.'] : []),
    ...(graceUntilMs === null
      ? []
      : ['The old secret of the rotation ends, too, and does not come back when this is undone.']),
  ];
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number.toLocaleString('en')} ${noun}s`;
}

function beginOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

function since(rows: readonly UsedHour[], sinceMs: number): SinceView {
  const within = rows.filter(({ startMs }) => startMs >= sinceMs);
  const sum = (of: 'requests' | 'items'): number => within.reduce((total, row) => total + row[of], 0);
  return { sinceMs, requests: sum('requests'), items: sum('items') };
}

function modelsOf(rows: readonly UsedHour[]): ModelUseView[] {
  return rows
    .filter(({ requests }) => requests > 0)
    .map(({ model, requests }) => ({ model, requests }))
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MODELS_MAX);
}

import { Injectable } from '@nestjs/common';
import type { TokenRecord } from '#auth';
import { PodDirectory, type WaitingPart } from '#pods';
import { callerMay, type Caller } from '../access/caller.js';
import type { TokenWaitView, WaitsView } from './limits.dto.js';

const TOKENS_MAX = 100;
const MINUTES_MAX = 15;

type Wait = Omit<TokenWaitView, 'tokenId' | 'tokenName' | 'byMinuteMs'> & { readonly byMinute: Map<number, number> };

/** How long requests waited in the queues of all pods, by token, from the reports of the pods. */
@Injectable()
export class WaitsReport {
  constructor(private readonly pods: PodDirectory) {}

  /**
   * Whoever may see all tokens sees each; members see their own, and all others as one.
   *
   * @param tokens those that the caller may see
   * @throws DomainError `unavailable`
   */
  async of(caller: Caller, tokens: readonly TokenRecord[]): Promise<WaitsView> {
    const serving = (await this.pods.list()).filter(({ roles }) => roles.includes('inference'));
    const silentPods = serving.filter(({ answers }) => !answers).map(({ name }) => name);
    const parts = serving.flatMap(({ answers, report: { waiting } }) => (answers && waiting ? [waiting] : []));
    const minutes = [...new Set(parts.flatMap((part) => part.minutes))].sort((a, b) => a - b).slice(-MINUTES_MAX);
    const names = new Map(tokens.map(({ id, name }) => [id, name]));
    const seesAll = callerMay(caller, 'tokens:read');
    const waits = together(parts, (id) => (seesAll || names.has(id) ? id : null));
    const views = [...waits].map(([tokenId, { byMinute, ...wait }]) => ({
      ...{ tokenId, tokenName: tokenId === null ? null : (names.get(tokenId) ?? null) },
      ...wait,
      byMinuteMs: minutes.map((minute) => byMinute.get(minute) ?? null),
    }));
    views.sort((a, b) => b.longestMs - a.longestMs || b.items - a.items);
    return { minutes, tokens: views.slice(0, TOKENS_MAX), silentPods };
  }
}

/** Adds up what the pods tell; `shownAs` names the row that a principal is counted in. */
function together(
  parts: readonly WaitingPart[],
  shownAs: (principalId: string) => string | null,
): Map<string | null, Wait> {
  const waits = new Map<string | null, Wait>();
  for (const { minutes, byPrincipal } of parts) {
    for (const { principalId, items, requests, oldestAgeMs, longestMs } of byPrincipal) {
      const key = shownAs(principalId);
      const wait = waits.get(key) ?? { items: 0, requests: 0, oldestAgeMs: 0, longestMs: 0, byMinute: new Map() };
      waits.set(key, wait);
      wait.items += items;
      wait.requests += requests;
      wait.oldestAgeMs = Math.max(wait.oldestAgeMs, oldestAgeMs);
      for (const [at, ms] of longestMs.entries()) {
        const minute = minutes[at];
        if (ms === null || minute === undefined) continue;
        wait.longestMs = Math.max(wait.longestMs, ms);
        wait.byMinute.set(minute, Math.max(wait.byMinute.get(minute) ?? 0, ms));
      }
    }
  }
  return waits;
}

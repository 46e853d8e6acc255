import { describe, expect, it } from 'vitest';
import { conditionsOf, EXPIRES_SOON_MS, type RecentRequests } from './token-conditions.js';

const NOW_MS = Date.UTC(2026, 10, 30, 12);
type Token = Parameters<typeof conditionsOf>[0];

const QUIET: RecentRequests = { requests: 90, refused: 0, denied: 0 };
const USED: Token = {
  ...{ status: 'active', revokedAtMs: null, restorableUntilMs: null, expiresAtMs: null, createdAtMs: NOW_MS - 1 },
  ...{ graceUntilMs: null, rotation: null, purpose: null },
  lastUsed: { atMs: NOW_MS, from: '192.0.2.1', protocol: 'http', model: 'mini-clip' },
};

const of = (changes: Partial<Token>, recent: Partial<RecentRequests> = {}) =>
  conditionsOf({ ...USED, ...changes }, { ...QUIET, ...recent }, NOW_MS);
const named = (...given: Parameters<typeof of>) => of(...given).map(({ condition }) => condition);

describe('the conditions of a token', () => {
  it('are none but active for one that is used and needs nothing', () => {
    expect(of({})).toEqual([{ condition: 'active', why: 'It is used, and nothing needs to be done.', todo: null }]);
  });

  it('say that more than a tenth of its requests is turned away, and by what', () => {
    expect(named({}, { denied: 10 })).toEqual(['active']);
    expect(named({}, { denied: 11 })).toEqual(['refused_often']);
    expect(named({}, { refused: 10 })).toEqual(['active']);
    expect(named({}, { refused: 11 })).toEqual(['limited_often']);
    expect(of({}, { denied: 11 })[0]).toEqual({
      condition: 'refused_often',
      why: '11 of its 101 requests in the last 7 days asked for something that its scopes or models do not allow.',
      todo: 'Give it the scope or the model that its caller needs, or correct the caller.',
    });
  });

  it('say that it was never used, and that it expires within a week', () => {
    expect(named({ lastUsed: null }, { requests: 0 })).toEqual(['unused']);
    expect(named({ expiresAtMs: NOW_MS + EXPIRES_SOON_MS })).toEqual(['expires_soon']);
    expect(named({ expiresAtMs: NOW_MS + EXPIRES_SOON_MS + 1 })).toEqual(['active']);
  });

  it('say of a rotation whether the old secret is silent, and who still sends it', () => {
    const previous = { requests: 0, lastUsedAtMs: null, lastUsedFrom: null };
    const rotation = { atMs: 0, present: { requests: 0, lastUsedAtMs: null }, previous };
    const graceUntilMs = NOW_MS + 3_600_000;
    expect(of({ graceUntilMs, rotation })).toEqual([
      {
        condition: 'rotating',
        why: 'It was rotated. The old secret works until 2026-11-30 13:00 UTC, and no request has come with it since.',
        todo: 'End the grace once every caller has the new secret.',
      },
    ]);
    const used = { ...rotation, previous: { ...previous, requests: 3, lastUsedFrom: '192.0.2.7' } };
    expect(of({ graceUntilMs, rotation: used })[0]?.todo).toBe(
      'Give the new secret to whoever still sends the old one (last from 192.0.2.7).',
    );
  });

  it('are one for a token of the playground, with nothing to do, whatever else is true of it', () => {
    const own: Partial<Token> = { purpose: 'playground', expiresAtMs: NOW_MS + 3_600_000, lastUsed: null };
    expect(of(own, { denied: 50, refused: 50 })).toEqual([
      {
        condition: 'playground',
        why: 'The service made it for the playground of its owner, and replaces it before it expires on 2026-11-30 13:00 UTC.',
        todo: null,
      },
    ]);
    expect(of({ ...own, status: 'expired' })).toEqual([expect.objectContaining({ condition: 'expired', todo: null })]);
  });

  it('come the gravest first, and nothing else matters of one that has ended', () => {
    const soon = { expiresAtMs: NOW_MS + 1, lastUsed: null };
    expect(named(soon, { denied: 50, refused: 50 })).toEqual([
      'refused_often',
      'limited_often',
      'expires_soon',
      'unused',
    ]);
    expect(named({ ...soon, status: 'expired' }, { denied: 50 })).toEqual(['expired']);
    expect(of({ ...soon, status: 'revoked', revokedAtMs: NOW_MS, restorableUntilMs: NOW_MS + 600_000 })).toEqual([
      {
        condition: 'revoked',
        why: 'It was revoked on 2026-11-30 12:00 UTC. Every request with it is refused.',
        todo: 'Undo it until 2026-11-30 12:10 UTC if it was the wrong one.',
      },
    ]);
  });
});

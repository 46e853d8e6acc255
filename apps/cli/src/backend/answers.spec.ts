import { describe, expect, it } from 'vitest';
import { accountAnswer, failureAnswer, parseAnswer, sessionAnswer, tokenAnswer } from './answers.js';

const token = {
  ...{ id: 't1', publicPart: 'cas_pat_abc', name: 'ci', ownerId: null, scopes: ['encode'], createdBy: 'ann' },
  ...{ createdAtMs: 1, expiresAtMs: null, revokedAtMs: null, graceUntilMs: null, status: 'active', limits: {} },
};

/** What an answer says of a token that leaves it out. */
const LEFT_OUT = {
  ...{ models: null, purpose: null, lastUsed: null },
  ...{ rotation: null, restorableUntilMs: null, storesInputs: false },
};

describe('an answer of the admin API', () => {
  it('is read with what it leaves out as null', () => {
    expect(parseAnswer(tokenAnswer, token)).toEqual({ ...token, ...LEFT_OUT });
  });

  it('keeps the limits that are set', () => {
    const limits = { requestsPerMinute: 5, itemsPerDay: null, ofANewerServer: 1 };
    expect(parseAnswer(tokenAnswer, { ...token, limits }).limits).toEqual({ requestsPerMinute: 5 });
  });

  it('may come from a newer server: scopes and keys that are not known are left out', () => {
    const newer = { ...token, scopes: ['encode', 'dream'], colour: 'red', models: ['mini-clip'] };
    expect(parseAnswer(tokenAnswer, newer)).toEqual({ ...token, ...LEFT_OUT, models: ['mini-clip'] });
  });

  it('names no account for a token that was made on the host', () => {
    expect(parseAnswer(sessionAnswer, { account: null, role: 'owner', permissions: [] }).account).toBeNull();
  });

  it.each<[string, unknown]>([
    ['no JSON', undefined],
    ['a list', []],
    ['a time that is a text', { ...token, createdAtMs: '1' }],
    ['no name', { ...token, name: undefined }],
    ['a status that does not exist', { ...token, status: 'asleep' }],
    ['limits that are no object', { ...token, limits: [] }],
  ])('is refused with %s, in a sentence that says what to check', (_, json) => {
    const refusal = { code: 'internal', message: expect.stringMatching(/does not answer like the admin API.*version/) };
    expect(() => parseAnswer(tokenAnswer, json)).toThrow(expect.objectContaining(refusal));
    expect(() => parseAnswer(accountAnswer, json)).toThrow(expect.objectContaining(refusal));
  });

  it('tells its failure by code and message', () => {
    const error = { code: 'not_found', message: 'There is none.', requestId: 'r' };
    expect(failureAnswer.parse({ error })).toEqual({ error: { code: 'not_found', message: 'There is none.' } });
  });
});

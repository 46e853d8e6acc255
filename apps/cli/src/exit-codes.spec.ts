import { describe, expect, it } from 'vitest';
import { mintToken } from '#auth';
import { SettingsError } from '#config';
import { DomainError } from '#core';
import { exitCodeOf, messageOf } from './exit-codes.js';

describe('exit codes', () => {
  it('tell what went wrong', () => {
    const codes = ['invalid_argument', 'unauthenticated', 'permission_denied', 'unavailable', 'conflict'] as const;
    expect(codes.map((code) => exitCodeOf(new DomainError(code, 'text')))).toEqual([2, 3, 3, 5, 1]);
    expect([new SettingsError(['wrong']), new Error('unforeseen'), 'thrown'].map(exitCodeOf)).toEqual([2, 1, 1]);
  });
});

describe('messages', () => {
  it('cut a token to its public part, and leave a public part alone', () => {
    const { token, lookup } = mintToken();
    expect(messageOf(new Error(`unknown command '${token}'`))).toBe(`unknown command 'cas_pat_${lookup}…'`);
    expect(messageOf(new Error(`it is cas_pat_${lookup}.`))).toBe(`it is cas_pat_${lookup}.`);
  });
});

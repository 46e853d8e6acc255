import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintSecret, mintToken, parseToken } from './token-format.js';

describe('a token', () => {
  it('is one word of fixed length that names what it is', () => {
    expect(mintToken().token).toMatch(/^cas_pat_[0-9A-Za-z]{48}$/);
  });

  it('is read back as what it is looked up and compared by', () => {
    const { token, lookup, secretSha256 } = mintToken();
    expect(parseToken(token)).toEqual({ lookup, secretSha256 });
    expect(lookup).toBe(token.slice(8, 20));
    expect(secretSha256).toBe(createHash('sha256').update(token.slice(20, 50)).digest('hex'));
  });

  it('keeps its public part when it gets a new secret', () => {
    const first = mintToken();
    const second = mintSecret(first.lookup);
    expect(second.token.slice(0, 20)).toBe(first.token.slice(0, 20));
    expect(second.secretSha256).not.toBe(first.secretSha256);
  });

  it('is refused with any one character changed, cut or added', () => {
    const { token } = mintToken();
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(parseToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
      expect(parseToken(token.slice(0, at) + token.slice(at + 1))).toBeUndefined();
    }
    for (const text of [`${token}0`, ` ${token}`, `${token}\n`, token.toUpperCase(), '', 'ü'.repeat(56)]) {
      expect(parseToken(text)).toBeUndefined();
    }
  });

  it('has every character equally often: bytes that would favour some are thrown away', () => {
    let calls = 0;
    const highFirst = (count: number): Uint8Array => new Uint8Array(count).fill(calls++ % 2 === 0 ? 255 : 61);
    expect(mintToken(highFirst).lookup).toBe('z'.repeat(12));
  });
});

import { describe, expect, it } from 'vitest';
import { mintSecret, mintToken } from './token-format.js';
import { TokenCache, type CachedToken } from './token-cache.js';

const first = mintToken();
const second = mintSecret(first.lookup);
const row = (changes: Partial<CachedToken> = {}): CachedToken => ({
  ...{ id: 'token-1', name: 'ci', lookup: first.lookup, secretSha256: first.secretSha256, changeSeq: 1 },
  ...{ previousSecretSha256: null, previousValidUntilMs: null, expiresAtMs: null, revokedAtMs: null },
  ...{ scopes: '["encode"]', models: null, limits: '{}', storesInputs: null },
  ...changes,
});
const rotated = (previousValidUntilMs: number): CachedToken =>
  row({ secretSha256: second.secretSha256, previousSecretSha256: first.secretSha256, previousValidUntilMs });
const cacheOf = (token: CachedToken): TokenCache => {
  const cache = new TokenCache();
  cache.put(token);
  return cache;
};

describe('TokenCache', () => {
  it('ends what was opened by a secret once that is replaced, and leaves what was opened by the new one', () => {
    const cache = cacheOf(row());
    const { credential: leaked } = cache.open(first, 0)!;
    cache.put(row({ secretSha256: second.secretSha256 }));
    expect(() => cache.recheck(leaked, 0)).toThrow('replaced');
    expect(cache.recheck(cache.open(second, 0)!.credential, 0).id).toBe('token-1');
  });

  it('lets it go on until the grace of the rotation ends, whether it began before the rotation or after', () => {
    const cache = cacheOf(row());
    const { credential: before } = cache.open(first, 0)!;
    cache.put(rotated(1_000));
    const { credential: after } = cache.open(first, 0)!;
    for (const opened of [before, after]) {
      expect(cache.recheck(opened, 999).id).toBe('token-1');
      expect(() => cache.recheck(opened, 1_000)).toThrow('replaced');
    }
  });

  it('gives what goes on the rights that the token has now', () => {
    const cache = cacheOf(row());
    const { credential: opened } = cache.open(first, 0)!;
    cache.put(row({ scopes: '["rank"]', models: '["ViT-L-14::openai"]', limits: '{"itemsInFlight":1}' }));
    const rights = { scopes: ['rank'], models: ['ViT-L-14::openai'], limits: { itemsInFlight: 1 } };
    expect(cache.recheck(opened, 0)).toMatchObject(rights);
  });

  it('goes on by the same secret after the database was restored, and refuses whom it has not let in', () => {
    const { credential: opened } = cacheOf(row()).open(first, 0)!;
    const restored = cacheOf(row());
    expect(restored.recheck(opened, 0).id).toBe('token-1');
    expect(() => restored.recheck({ ...opened, tokenId: 'token-2' }, 0)).toThrow('not valid');
    expect(() => restored.recheck({ ...opened, secretSha256: second.secretSha256 }, 0)).toThrow('replaced');
  });

  it('takes a copy of a credential for the original, so that nobody is logged out by one', () => {
    const cache = cacheOf(row());
    const { credential } = cache.open(first, 0)!;
    expect(cache.recheck({ ...credential }, 0)).toEqual(cache.recheck(credential, 0));
    expect(cache.recheck(JSON.parse(JSON.stringify(credential)), 0).id).toBe('token-1');
  });
});

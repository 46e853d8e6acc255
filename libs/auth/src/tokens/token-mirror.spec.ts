import { describe, expect, it } from 'vitest';
import { mintSecret, mintToken } from './token-format.js';
import { TokenMirror, type MirroredToken } from './token-mirror.js';

const first = mintToken();
const second = mintSecret(first.lookup);
const row = (changes: Partial<MirroredToken> = {}): MirroredToken => ({
  ...{ id: 'token-1', name: 'ci', lookup: first.lookup, secretSha256: first.secretSha256, changeSeq: 1 },
  ...{ previousSecretSha256: null, previousValidUntilMs: null, expiresAtMs: null, revokedAtMs: null },
  ...{ scopes: '["encode"]', models: null, limits: '{}' },
  ...changes,
});
const rotated = (previousValidUntilMs: number): MirroredToken =>
  row({ secretSha256: second.secretSha256, previousSecretSha256: first.secretSha256, previousValidUntilMs });
const mirrorOf = (token: MirroredToken): TokenMirror => {
  const mirror = new TokenMirror();
  mirror.put(token);
  return mirror;
};

describe('TokenMirror', () => {
  it('ends what was opened by a secret once that is replaced, and leaves what was opened by the new one', () => {
    const mirror = mirrorOf(row());
    const leaked = mirror.open(first, 0);
    mirror.put(row({ secretSha256: second.secretSha256 }));
    expect(() => mirror.again(leaked, 0)).toThrow('replaced');
    expect(mirror.again(mirror.open(second, 0), 0).id).toBe('token-1');
  });

  it('lets it go on until the grace of the rotation ends, whether it began before the rotation or after', () => {
    const mirror = mirrorOf(row());
    const before = mirror.open(first, 0);
    mirror.put(rotated(1_000));
    const after = mirror.open(first, 0);
    for (const opened of [before, after]) {
      expect(mirror.again(opened, 999).id).toBe('token-1');
      expect(() => mirror.again(opened, 1_000)).toThrow('replaced');
    }
  });

  it('gives what goes on the rights that the token has now', () => {
    const mirror = mirrorOf(row());
    const opened = mirror.open(first, 0);
    mirror.put(row({ scopes: '["rank"]', models: '["ViT-L-14::openai"]', limits: '{"itemsInFlight":1}' }));
    const rights = { scopes: ['rank'], models: ['ViT-L-14::openai'], limits: { itemsInFlight: 1 } };
    expect(mirror.again(opened, 0)).toMatchObject(rights);
    expect(mirror.again(mirror.again(opened, 0), 0)).toMatchObject(rights);
  });

  it('goes on by the same secret after the database was restored, and refuses whom it has not let in', () => {
    const opened = mirrorOf(row()).open(first, 0);
    const restored = mirrorOf(row());
    expect(restored.again(opened, 0).id).toBe('token-1');
    expect(() => restored.again({ ...opened }, 0)).toThrow('not valid');
  });
});

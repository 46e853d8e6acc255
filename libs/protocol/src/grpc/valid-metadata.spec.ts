import { describe, expect, it } from 'vitest';
import { keepValidMetadata } from './valid-metadata.js';

function kept(headers: Record<string, string>): Record<string, unknown> {
  const all = { ':path': '/a/b', ...headers };
  keepValidMetadata(all, Object.entries(all).flat());
  return all;
}

describe('metadata of a call', () => {
  it('is left as it is where it is ASCII, or binary', () => {
    const headers = { 'x-request-id': 'a b~', 'grpc-timeout': '1S', __prefetch__: '3', 'x.y_z-1': '', 'k-bin': '4pi6' };
    expect(kept(headers)).toEqual({ ':path': '/a/b', ...headers });
  });

  it.each([
    ['a value in Latin-1', { 'x-request-id': 'caf\xe9' }],
    ['a value in UTF-8', { __prefetch__: Buffer.from('３').toString('latin1') }],
    ['a tab', { 'x-forwarded-for': '1.2.3.4\t' }],
    ['a key that metadata cannot have', { 'x!y': 'z' }],
  ])('loses a field with %s', (_what, headers) => {
    expect(kept(headers)).toEqual({ ':path': '/a/b' });
  });

  it('keeps credentials with other characters, as ones that are wrong', () => {
    expect(kept({ authorization: 'Bearer cas_pat_x\xa0\xe9' })).toMatchObject({ authorization: 'Bearer cas_pat_x??' });
  });
});

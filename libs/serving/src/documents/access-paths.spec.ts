import { describe, expect, it } from 'vitest';
import type { Document, JsonObject } from '#core';
import { handle, requestOf } from './testing/known-encoder.js';

describe('access paths', () => {
  const tree = (): Document[] => [
    {
      id: 'r0',
      text: 'r',
      chunks: [
        { id: 'c0', text: 'c', chunks: [{ id: 'cc', text: 'cc' }] },
        { id: 'c1', text: 'c' },
      ],
    },
    { id: 'r1', text: 'r', matches: [{ id: 'm0', text: 'm' }] },
  ];

  function encodedIds(documents: readonly Document[]): string[] {
    return documents.flatMap((document) => [
      ...(document.embedding ? [document.id ?? ''] : []),
      ...encodedIds(document.chunks ?? []),
      ...encodedIds(document.matches ?? []),
    ]);
  }

  it.each([
    ['@r', ['r0', 'r1']],
    ['@c', ['c0', 'c1']],
    ['@m', ['m0']],
    ['@cc', ['cc']],
    ['@r,m', ['r0', 'r1', 'm0']],
    [' @ r, c, m ', ['r0', 'c0', 'c1', 'r1', 'm0']],
    ['c', ['c0', 'c1']],
    ['@r,r', ['r0', 'r1']],
    ['@c[0]', ['c0']],
    ['@c[-1]', ['c1']],
    ['@c-1', ['c1']],
    ['@r[1:]', ['r1']],
    ['@r[::-1]c[:1]', ['c0']],
    ['@r[5]', []],
  ])('%s selects %j', async (path, ids) => {
    const response = await handle(requestOf(tree(), { access_paths: path }));
    expect(encodedIds(response.documents)).toEqual(ids);
  });

  it('may be called traversal_paths, which wins', async () => {
    const response = await handle(requestOf(tree(), { access_paths: '@r', traversal_paths: '@m' }));
    expect(encodedIds(response.documents)).toEqual(['m0']);
  });

  it('lead to a named part of a multi-modal document', async () => {
    const schema = (type: string): JsonObject => ({
      multi_modal_schema: { cover: { attribute_type: type, position: 0 } },
    });
    const single = await handle(
      requestOf([{ ...tree()[0], metadata: schema('document') }], { access_paths: '@.[cover]' }),
    );
    expect(encodedIds(single.documents)).toEqual(['c0']);
    const list = await handle(
      requestOf([{ ...tree()[0], metadata: schema('iterable_document') }], { access_paths: '@.[cover]' }),
    );
    expect(encodedIds(list.documents)).toEqual(['cc']);
    const none = await handle(requestOf(tree(), { access_paths: '@.[cover]' }));
    expect(none.status?.description).toContain('asks for "cover", which document 0 (id "r0") lacks');
  });

  it.each(['@x', '@', '@r,', '@r[1', '@r[a]', '@r[::0]', '@r[1:2:3:4]', 5, ['@r'], 'r'.repeat(2000)])(
    'refuses %j in band',
    async (path) => {
      const response = await handle(requestOf(tree(), { access_paths: path }));
      expect(response.status).toMatchObject({ code: 'ERROR', exception: { name: 'ValueError' } });
      expect(response.documents).toEqual(tree());
    },
  );
});

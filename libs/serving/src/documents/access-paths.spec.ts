import { describe, expect, it, vi } from 'vitest';
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

  it('find each document once, however often a path names the part that it is in', async () => {
    const metadata = { multi_modal_schema: { a: { attribute_type: 'document', position: 0 } } };
    const nested = (depth: number): Document =>
      depth === 0 ? { id: 'leaf', text: 'leaf' } : { metadata, chunks: [nested(depth - 1)] };

    const response = await handle(requestOf([nested(32)], { access_paths: `@${'.[a,a]'.repeat(32)}` }));

    expect(encodedIds(response.documents)).toEqual(['leaf']);
  });

  it('walk once through a list of chunks that many names mean', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `a${at}`);
    const attribute = { attribute_type: 'iterable_document', position: 0 };
    const chunks = Array.from({ length: 20_000 }, (): Document => ({ text: 'c' }));
    const multiModal: Document = {
      metadata: { multi_modal_schema: Object.fromEntries(names.map((name) => [name, attribute])) },
      chunks: [{ chunks }],
    };
    const iterated = vi.spyOn(chunks, 'map');

    await handle(requestOf([multiModal], { access_paths: `@.[${names.join()}]` }));

    expect(iterated).toHaveBeenCalledTimes(1);
  });

  it.each(['@x', '@', '@r,', '@r[1', '@r[a]', '@r[::0]', '@r[1:2:3:4]', 5, ['@r'], 'r'.repeat(33), 'r'.repeat(2000)])(
    'refuses %j in band',
    async (path) => {
      const response = await handle(requestOf(tree(), { access_paths: path }));
      expect(response.status).toMatchObject({ code: 'ERROR', exception: { name: 'ValueError' } });
      expect(response.documents).toEqual(tree());
    },
  );
});

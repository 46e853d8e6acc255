import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import { documentItems } from './document-items.js';

function itemsOf(endpoint: string, documents: Document[], parameters = {}): number {
  return documentItems({ requestId: '', endpoint, parameters, hasParameters: true, documents, receivedAtMs: 0 });
}

const text = (value: string, more: Partial<Document> = {}): Document => ({ id: value, text: value, ...more });

describe('documentItems', () => {
  it('counts nothing where there is nothing to compute', () => {
    expect(itemsOf('/', [])).toBe(0);
    expect(itemsOf('/', [{ id: 'empty' }, text('')])).toBe(0);
  });

  it('counts what an encode request selects, and no more', () => {
    const documents = [text('a', { chunks: [text('b'), text('c')] }), { id: 'empty' }];
    expect(itemsOf('/encode', documents)).toBe(1);
    expect(itemsOf('/encode', documents, { access_paths: '@c' })).toBe(2);
  });

  it('counts the matches of a rank request one by one', () => {
    expect(itemsOf('/rank', [text('a', { matches: [text('b'), text('c')] }), text('d')])).toBe(4);
  });

  it('counts the documents of a request that cannot be read', () => {
    expect(itemsOf('/encode', [text('a')], { access_paths: 7, model_name: 7 })).toBe(1);
  });
});

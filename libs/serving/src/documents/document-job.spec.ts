import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import { prepareDocumentJob } from './document-job.js';
import { documentTarget } from './document-target.js';

async function itemsOf(endpoint: string, documents: Document[], parameters = {}): Promise<number> {
  const request = { requestId: '', endpoint, parameters, hasParameters: true, documents, receivedAtMs: 0 };
  return (await prepareDocumentJob(request, documentTarget(request))).items;
}

const text = (value: string, more: Partial<Document> = {}): Document => ({ id: value, text: value, ...more });

describe('the items of a document job', () => {
  it('counts nothing where there is nothing to compute', async () => {
    expect(await itemsOf('/', [])).toBe(0);
    expect(await itemsOf('/', [{ id: 'empty' }, text('')])).toBe(0);
  });

  it('counts what an encode request selects, and no more', async () => {
    const documents = [text('a', { chunks: [text('b'), text('c')] }), { id: 'empty' }];
    expect(await itemsOf('/encode', documents)).toBe(1);
    expect(await itemsOf('/encode', documents, { access_paths: '@c' })).toBe(2);
  });

  it('counts the matches of a rank request one by one', async () => {
    expect(await itemsOf('/rank', [text('a', { matches: [text('b'), text('c')] }), text('d')])).toBe(4);
  });

  it('counts the documents of a request that cannot be read', async () => {
    expect(await itemsOf('/encode', [text('a')], { access_paths: 7, model_name: 7 })).toBe(1);
  });

  it('refuses paths that pass more documents than a request may cost', async () => {
    const chunks = Array.from({ length: 20_000 }, () => ({}));
    const passes = (times: number): Promise<number> =>
      itemsOf('/encode', [text('a', { chunks })], { access_paths: Array(times).fill('c').join(',') });
    expect(await passes(24)).toBe(0);
    await expect(passes(26)).rejects.toMatchObject({ code: 'request_too_large' });
  });
});

import { describe, expect, it } from 'vitest';
import type { Document } from '#core';
import { floatsOf, handle, KnownEncoder, pixels, requestOf } from './testing/known-encoder.js';

describe('encode', () => {
  it('answers with the same documents in their order, each with its vector, and echoes the request', async () => {
    const request = requestOf(
      [
        { id: 'a', text: 'x', tags: { k: 1 } },
        { id: 'b', blob: Buffer.from('png') },
      ],
      { limit: 3 },
    );
    const response = await handle(request, new KnownEncoder({ x: [0.5, -1] }));
    expect(response).toMatchObject({
      requestId: 'id',
      endpoint: '/encode',
      parameters: { limit: 3 },
      hasParameters: true,
    });
    expect(response.status).toBeUndefined();
    expect(response.documents).toMatchObject([
      { id: 'a', text: 'x', tags: { k: 1 }, mimeType: 'text/plain', embedding: { className: 'numpy' } },
      { id: 'b', embedding: { dense: { dtype: '<f4', shape: [2] } } },
    ]);
    expect(response.documents.map(floatsOf)).toEqual([
      [0.5, -1],
      [1, 0],
    ]);
  });

  it('lets text win, then blob, then tensor, then the address', async () => {
    const encoder = new KnownEncoder();
    const uri = 'https://example.org/a.png';
    const blob = Buffer.from('png');
    await handle(
      requestOf([{ text: 'x', blob, uri }, { text: '', blob, tensor: pixels, uri }, { tensor: pixels, uri }, { uri }]),
      encoder,
    );
    expect(encoder.calls[0]?.sources.map((source) => source.kind)).toEqual(['text', 'image', 'pixels', 'uri']);
  });

  it('leaves documents with nothing to encode as they are', async () => {
    const response = await handle(requestOf([{ id: 'empty' }, { text: '' }, { blob: Buffer.alloc(0) }]));
    expect(response.documents).toEqual([{ id: 'empty' }, { text: '' }, { blob: Buffer.alloc(0) }]);
    expect(response.status).toBeUndefined();
  });

  it('drops image content only when told to', async () => {
    const image = (): Document[] => [{ blob: Buffer.from('png'), uri: 'a.png' }, { tensor: pixels }];
    const kept = await handle(requestOf(image()));
    expect(kept.documents).toMatchObject(image());
    const dropped = await handle(requestOf(image(), { drop_image_content: true }));
    expect(dropped.documents.map((document) => Object.keys(document))).toEqual([['uri', 'embedding'], ['embedding']]);
  });

  it.each([
    ['/encode', {}, undefined],
    ['/encode/', {}, undefined],
    ['/', {}, undefined],
    ['/nosuch/model', {}, undefined],
    ['/encode/M-CLIP/XLM-Roberta-Large-Vit-B-32', {}, 'M-CLIP/XLM-Roberta-Large-Vit-B-32'],
    ['/encode/ViT-B-32::openai', { model_name: 'other' }, 'ViT-B-32::openai'],
    ['/encode', { model_name: 'other' }, 'other'],
  ])('of %s with %j asks model %s', async (endpoint, parameters, model) => {
    const encoder = new KnownEncoder();
    const response = await handle(requestOf([{ text: 'x' }], parameters, endpoint), encoder);
    expect(encoder.calls[0]?.model).toBe(model);
    expect(floatsOf(response.documents[0])).toEqual([1, 0]);
  });
});

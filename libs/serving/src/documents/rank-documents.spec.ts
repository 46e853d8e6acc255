import { describe, expect, it } from 'vitest';
import type { DocumentRequest } from './document-request.js';
import { floatsOf, handle, KnownEncoder, pixels, requestOf } from './testing/known-encoder.js';

describe('rank', () => {
  const candidates = { 'a cat': [1, 0.1], 'a dog': [0, 1], 'a tie': [2, 0.2], cat: [1, 0] };
  const rankRequest = (endpoint = '/rank'): DocumentRequest =>
    requestOf(
      [
        {
          id: 'q',
          text: 'cat',
          matches: [
            { id: 'dog', text: 'a dog', adjacency: 1 },
            { id: 'cat', text: 'a cat', adjacency: 1, embedding: pixels },
            { id: 'tie', text: 'a tie', adjacency: 1, scores: new Map([['mine', { value: 1 }]]) },
          ],
        },
      ],
      { drop_image_content: true },
      endpoint,
    );

  it.each(['/rank', '/rank/ViT-B-32::openai'])('%s sorts matches by fit, ties in their order', async (endpoint) => {
    const response = await handle(rankRequest(endpoint), new KnownEncoder(candidates));
    const matches = response.documents[0]?.matches ?? [];
    expect(matches.map((match) => match.id)).toEqual(['cat', 'tie', 'dog']);
    expect(matches.every((match) => match.embedding === undefined && match.adjacency === 1)).toBe(true);
    expect(matches.every((match) => match.mimeType === 'text/plain')).toBe(true);
    expect(floatsOf(response.documents[0])).toEqual([1, 0]);
  });

  it('scores with the softmax of logit scale × cosine, and keeps other scores', async () => {
    const response = await handle(rankRequest(), new KnownEncoder(candidates));
    const [cat, tie, dog] = response.documents[0]?.matches ?? [];
    expect(cat?.scores?.get('clip_score')).toEqual({ value: expect.closeTo(0.5, 5) as number, opName: 'softmax' });
    expect(cat?.scores?.get('clip_score_cosine')?.value).toBeCloseTo(1 / Math.hypot(1, 0.1), 6);
    expect(cat?.scores?.get('clip_score_cosine')?.opName).toBe('cosine');
    expect(dog?.scores?.get('clip_score_cosine')?.value).toBeCloseTo(0, 6);
    expect([...(tie?.scores?.keys() ?? [])]).toEqual(['mine', 'clip_score', 'clip_score_cosine']);
  });

  it('ranks texts for an image and images for a text in one request, and keeps the images', async () => {
    const blob = Buffer.from('png');
    const documents = [
      { blob, matches: [{ text: 'a dog' }, { text: 'a cat' }] },
      { text: 'a dog', matches: [{ blob }, { text: 'a dog' }] },
    ];
    const response = await handle(
      requestOf(documents, { drop_image_content: true }, '/rank'),
      new KnownEncoder(candidates),
    );
    expect(response.documents[0]).toMatchObject({ blob, matches: [{ text: 'a cat' }, { text: 'a dog' }] });
    expect(response.documents[1]?.matches?.map((match) => match.text)).toEqual(['a dog', undefined]);
    expect(response.documents[1]?.matches?.[1]?.blob).toBe(blob);
  });

  it('refuses a document without matches, and one without content, by name', async () => {
    const bare = await handle(
      requestOf(
        [
          { text: 'x', matches: [{ text: 'y' }] },
          { id: 'q', text: 'hi' },
        ],
        {},
        '/rank',
      ),
    );
    expect(bare.status?.exception).toMatchObject({ name: 'AttributeError', executor: 'CLIPEncoder', stacks: [] });
    expect(bare.status?.description).toContain('document 1 (id "q"): It has no matches');
    const hollow = await handle(requestOf([{ text: 'x', matches: [{ id: 'm' }] }], {}, '/rank'));
    expect(hollow.status?.description).toContain('document 0, match 0 (id "m"): It has neither text nor an image');
  });

  it('compares by the embedding that a document brought along when it has nothing else', async () => {
    const given = (array: Float32Array | Float64Array, dtype: string) => ({
      dense: { buffer: new Uint8Array(array.buffer), dtype, shape: [array.length] },
    });
    const matches = [
      { id: 'far', embedding: given(Float32Array.of(0, 1), '<f4') },
      { id: 'near', embedding: given(Float64Array.of(1, 0.5), '<f8') },
    ];
    const encoder = new KnownEncoder();
    const response = await handle(requestOf([{ text: 'cat', matches }], {}, '/rank'), encoder);
    expect(response.documents[0]?.matches?.map((match) => match.id)).toEqual(['near', 'far']);
    expect(encoder.calls[0]?.sources).toEqual([{ kind: 'text', text: 'cat' }]);
    const longer = [{ id: 'm', embedding: given(Float32Array.of(0, 1, 2), '<f4') }];
    const refused = await handle(requestOf([{ text: 'cat', matches: longer }], {}, '/rank'));
    expect(refused.status?.description).toContain('document 0, match 0 (id "m"): Its embedding does not have the');
  });

  it.each([
    ['|u1', Uint8Array.of(1, 0), Uint8Array.of(0, 1)],
    ['<i8', BigInt64Array.of(300n, 0n), BigInt64Array.of(0n, -1n)],
  ])('compares by embeddings of whole numbers, as JSON lists of them arrive (%s)', async (dtype, near, far) => {
    const embedding = ({ buffer }: Uint8Array | BigInt64Array) => ({
      dense: { buffer: new Uint8Array(buffer), dtype, shape: [2] },
    });
    const matches = [
      { id: 'far', embedding: embedding(far) },
      { id: 'near', embedding: embedding(near) },
    ];
    const response = await handle(requestOf([{ text: 'cat', matches }], {}, '/rank'));
    expect(response.documents[0]?.matches?.map((match) => match.id)).toEqual(['near', 'far']);
  });

  it.each([
    ['<f4', Float32Array.of(NaN, 1)],
    ['<f4', Float32Array.of(1, -Infinity)],
    ['<f8', Float64Array.of(1e300, 1)],
  ])(
    'refuses an embedding that is not finite, rather than spoiling the scores of all (%s %s)',
    async (dtype, array) => {
      const embedding = { dense: { buffer: new Uint8Array(array.buffer), dtype, shape: [2] } };
      const matches = [{ text: 'a cat' }, { id: 'm', embedding }];
      const response = await handle(requestOf([{ text: 'cat', matches }], {}, '/rank'));
      expect(response.status?.description).toContain('document 0, match 1 (id "m"): Its embedding holds NaN');
    },
  );
});

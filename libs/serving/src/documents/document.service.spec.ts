import { describe, expect, it } from 'vitest';
import {
  anonymous,
  DomainError,
  ManualClock,
  type Document,
  type ErrorCode,
  type ItemResult,
  type JsonObject,
  type ModelInfo,
} from '#core';
import type { EncodePort, ItemSource } from '../encode-port.js';
import { DocumentService, type DocumentRequest } from './index.js';

const info: ModelInfo = {
  name: 'ViT-B-32::openai',
  dimension: 2,
  imageSize: 224,
  contextLength: 77,
  logitScale: 100,
  normalized: false,
};
const timing = { queueMs: 0, prepareMs: 0, runMs: 0, batchSize: 1, replica: 'r0' };
const context = { requestId: 'r', principal: anonymous, signal: new AbortController().signal };

/** An encoder whose vectors are known: by text, or [1, 0] for everything else. Remembers what it was asked. */
class KnownEncoder implements EncodePort {
  readonly calls: { model: string | undefined; sources: readonly ItemSource[] }[] = [];

  constructor(private readonly answers: Record<string, number[] | DomainError> = {}) {}

  encode(
    model: string | undefined,
    sources: readonly ItemSource[],
  ): Promise<{ model: ModelInfo; results: ItemResult[] }> {
    this.calls.push({ model, sources });
    return Promise.resolve({ model: info, results: sources.map((source) => this.resultOf(source)) });
  }

  private resultOf(source: ItemSource): ItemResult {
    const key = source.kind === 'text' ? source.text : source.kind === 'uri' ? source.uri : source.kind;
    const answer = this.answers[key] ?? [1, 0];
    if (answer instanceof DomainError) return { ok: false, error: answer };
    return { ok: true, embedding: Float32Array.from(answer), timing };
  }
}

function requestOf(documents: Document[], parameters: JsonObject = {}, endpoint = '/encode'): DocumentRequest {
  return { requestId: 'id', endpoint, parameters, hasParameters: true, documents, receivedAtMs: 0 };
}

async function handle(request: DocumentRequest, encode: EncodePort = new KnownEncoder()) {
  return new DocumentService({ encode, clock: new ManualClock() }).handle(request, context);
}

function floatsOf(document: Document | undefined): number[] {
  const dense = document?.embedding?.dense;
  return dense ? [...new Float32Array(Uint8Array.from(dense.buffer).buffer)] : [];
}

const pixels = { dense: { buffer: new Uint8Array(12), dtype: '|u1', shape: [2, 2, 3] }, className: 'numpy' };

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
});

describe('a failure', () => {
  const unreadable = new DomainError('image_unreadable', "It isn't an image.", { internal: '/secret' });

  it('of one document is told in band, names it, and leaves all as they were sent', async () => {
    const documents = (): Document[] => [{ text: 'x' }, { id: 'bad', uri: 'bad.png' }, { uri: 'bad.png' }];
    const response = await handle(
      requestOf(documents(), { drop_image_content: true }),
      new KnownEncoder({ 'bad.png': unreadable }),
    );
    const text = 'cannot identify image file: document 1 (id "bad"): It isn\'t an image. (2 of the 3 documents failed)';
    expect(response.status).toEqual({
      code: 'ERROR',
      description: `UnidentifiedImageError('${text.replace("'", "\\'")}')`,
      exception: { name: 'UnidentifiedImageError', args: [text], stacks: [], executor: 'CLIPEncoder' },
    });
    expect(response.routes[1]?.status).toBe(response.status);
    expect(response.routes[0]?.status).toBeUndefined();
    expect(response.documents).toEqual(documents());
  });

  it('of a tensor that is no image names the document', async () => {
    const tensor = { dense: { buffer: new Uint8Array(1), dtype: '|u1', shape: [1] } };
    const response = await handle(requestOf([{ id: 't', tensor }]));
    expect(response.status?.exception).toMatchObject({ name: 'ValueError' });
    expect(response.status?.description).toContain('document 0 (id "t")');
    const sparse = await handle(requestOf([{ tensor: { sparse: { shape: [2] } } }]));
    expect(sparse.status?.description).toContain('sparse');
  });

  function failingWith(code: ErrorCode): EncodePort {
    return { encode: () => Promise.reject(new DomainError(code, 'Served: ViT-B-32::openai.')) };
  }

  it('of an unknown model is told in band', async () => {
    const response = await handle(requestOf([{ text: 'x' }], {}, '/encode/nosuch'), failingWith('model_unknown'));
    expect(response.status?.description).toBe("ValueError('Served: ViT-B-32::openai.')");
    const wrong = await handle(requestOf([{ text: 'x' }], { model_name: 5 }));
    expect(wrong.status?.description).toContain('model_name');
  });

  it.each(['queue_full', 'cancelled', 'deadline_exceeded', 'shutting_down', 'unavailable', 'internal'] as const)(
    'of the service (%s) is thrown for the protocol to tell',
    async (code) => {
      await expect(handle(requestOf([{ text: 'x' }]), failingWith(code))).rejects.toMatchObject({ code });
    },
  );
});

describe('routes', () => {
  it('last at least 1 ms, the model inside the gateway, even when nothing is to do', async () => {
    const { routes } = await handle({ ...requestOf([]), receivedAtMs: -0.25 });
    expect(routes).toEqual([
      { executor: 'gateway', startTimeMs: -0.25, endTimeMs: 1 },
      { executor: 'clip', startTimeMs: 0, endTimeMs: 1 },
    ]);
  });

  it('tell how long the work took', async () => {
    const clock = new ManualClock();
    const encode: EncodePort = {
      encode: (_model, sources) => {
        clock.advance(40);
        return new KnownEncoder().encode(undefined, sources);
      },
    };
    clock.advance(100);
    const { routes } = await new DocumentService({ encode, clock }).handle(
      { ...requestOf([]), receivedAtMs: 90 },
      context,
    );
    expect(routes.map(({ startTimeMs, endTimeMs }) => [startTimeMs, endTimeMs])).toEqual([
      [90, 140],
      [100, 140],
    ]);
  });
});

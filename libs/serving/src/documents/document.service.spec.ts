import { describe, expect, it } from 'vitest';
import { DomainError, ManualClock, type Document, type ErrorCode } from '#core';
import type { EncodePort } from '../encode-port.js';
import { DocumentService } from './index.js';
import { context, handle, jobOf, KnownEncoder, requestOf } from './testing/known-encoder.js';

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

  it('that nobody foresaw is told in band without its cause, which goes to the log', async () => {
    const encode: EncodePort = { encode: () => Promise.reject(new TypeError('secret detail')) };
    const service = new DocumentService({ encode, clock: new ManualClock() });
    const { status, error } = await service.handle(await jobOf(requestOf([{ text: 'x' }])), context);
    expect(status?.exception?.name).toBe('RuntimeError');
    expect(JSON.stringify(status)).not.toContain('secret detail');
    expect(error?.internal).toContain('secret detail');
  });

  it.each(['queue_full', 'cancelled', 'deadline_exceeded', 'shutting_down', 'unavailable'] as const)(
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
      await jobOf({ ...requestOf([]), receivedAtMs: 90 }),
      context,
    );
    expect(routes.map(({ startTimeMs, endTimeMs }) => [startTimeMs, endTimeMs])).toEqual([
      [90, 140],
      [100, 140],
    ]);
  });
});

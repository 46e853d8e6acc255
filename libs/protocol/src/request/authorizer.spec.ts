import { describe, expect, it, vi } from 'vitest';
import { anonymous, DomainError, NO_MODEL, type Principal } from '#core';
import { RateLimitedError, type RateLimitState } from '#metering';
import { buildCall, buildContext } from '../testing/build-context.js';
import { OPEN_ACCESS, SampleModel } from '../testing/sample-services.js';
import type { AccessPorts } from './access.js';
import { unauthenticated } from './caller.js';
import { RequestAuthorizer } from './authorizer.js';
import type { Call, CallContext } from './call.js';

const STATE: RateLimitState = { name: 'requestsPerMinute', limit: 10, remaining: 9, resetMs: 1_000 };
type Ask = Pick<Call, 'scope' | 'model' | 'items'>;
type Attempts = <Answer>(attempt: () => Promise<Answer>) => Promise<Answer>;
const ASK: Ask = { scope: 'encode', model: undefined, items: 2 };

/** An authorizer, and a way to hand a request to it as the pipeline does. */
function buildAuthorizer(changes: Partial<AccessPorts> = {}) {
  const ports = {
    finish: vi.fn(),
    undo: vi.fn(),
    noteUse: vi.fn(),
    recordUsage: vi.fn(),
  };
  const missing = (): DomainError => new DomainError('unauthenticated', 'A token is needed.');
  const admit = (): ReturnType<AccessPorts['admit']> => ({ ...ports, states: [STATE] });
  const parts = { ...OPEN_ACCESS, admit, ...ports, registry: new SampleModel(), missing, ...changes };
  const authorizer = new RequestAuthorizer(parts);
  const pass = async <Answer>(
    ask: Ask,
    context: CallContext,
    work: () => Promise<Answer>,
    attempts: Attempts = (attempt) => attempt(),
  ): Promise<Answer> =>
    authorizer.countRefusal(buildCall(context, ask), (call) => attempts(() => authorizer.admit(call, work)));
  return { authorizer, pass, ...ports };
}

const token = (changes: Partial<Principal> = {}): Principal => ({ ...anonymous, id: 'token-1', ...changes });
const never = (): Promise<never> => Promise.reject(new Error('the work was begun'));

describe('RequestAuthorizer', () => {
  it('runs the work, tells what is left of the limits, and gives the place back', async () => {
    const { pass, finish, noteUse, recordUsage } = buildAuthorizer();
    const told: RateLimitState[] = [];
    await expect(pass(ASK, buildContext(token(), told), () => Promise.resolve('done'))).resolves.toBe('done');
    expect(told).toEqual([STATE]);
    expect(finish).toHaveBeenCalledTimes(1);
    const model = 'ViT-B-32::openai';
    expect(noteUse).toHaveBeenCalledWith(
      'token-1',
      expect.objectContaining({ from: '192.0.2.1', protocol: 'grpc', model }),
    );
    expect(recordUsage).toHaveBeenCalledWith({
      ...{ principalId: 'token-1', model, protocol: 'grpc', outcome: 'ok' },
      ...{ requests: 1, items: 2, refused: 0 },
    });
  });

  it('gives the place back when the work fails', async () => {
    const { pass, finish } = buildAuthorizer();
    await expect(pass(ASK, buildContext(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(finish).toHaveBeenCalledTimes(1);
  });

  it('gives everything back and counts nothing when the full queue turns the request away', async () => {
    const { pass, finish, undo, recordUsage } = buildAuthorizer();
    const full = new DomainError('queue_full', 'The queue is full.', { retryAfterMs: 5 });
    const told: RateLimitState[] = [];
    await expect(pass(ASK, buildContext(token(), told), () => Promise.reject(full))).rejects.toBe(full);
    expect([undo, finish, recordUsage].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
    expect(told).toEqual([STATE, STATE]);
  });

  it('counts a request that fails in another way, since it was worked on', async () => {
    const { pass, undo, recordUsage } = buildAuthorizer();
    await expect(pass(ASK, buildContext(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(undo).not.toHaveBeenCalled();
    expect(recordUsage.mock.calls).toEqual([[expect.objectContaining({ outcome: 'internal', requests: 1 })]]);
  });

  it.each([
    ['a caller without a token', unauthenticated, 'unauthenticated'],
    ['a token without the scope', token({ scopes: ['rank'] }), 'permission_denied'],
    ['a token that may use no model at all', token({ models: [] }), 'permission_denied'],
    ['a token that may use another model', token({ models: ['M-CLIP/X'] }), 'permission_denied'],
  ])('refuses %s before any work', async (_who, principal, code) => {
    const { pass, recordUsage } = buildAuthorizer();
    await expect(pass(ASK, buildContext(principal), never)).rejects.toMatchObject({ code });
    expect(recordUsage).not.toHaveBeenCalledWith(expect.objectContaining({ requests: 1 }));
  });

  it('counts what the scopes or models of a token do not allow, under no name that the caller chose', async () => {
    const { pass, recordUsage } = buildAuthorizer();
    const how = { protocol: 'grpc', outcome: 'permission_denied' };
    const denied = { principalId: 'token-1', ...how, requests: 0, items: 0, refused: 0, denied: 1 };
    await expect(pass(ASK, buildContext(token({ scopes: ['rank'] })), never)).rejects.toThrow();
    const ask = { ...ASK, model: 'ViT-B-32::openai' };
    await expect(pass(ask, buildContext(token({ models: ['M-CLIP/X'] })), never)).rejects.toThrow();
    await expect(pass({ ...ASK, model: 'nosuch' }, buildContext(token({ models: ['x'] })), never)).rejects.toThrow();
    expect(recordUsage.mock.calls.flat()).toEqual([
      { ...denied, model: NO_MODEL },
      { ...denied, model: 'ViT-B-32::openai' },
      { ...denied, model: NO_MODEL },
    ]);
    recordUsage.mockClear();
    await expect(pass(ASK, buildContext(unauthenticated), never)).rejects.toThrow();
    expect(recordUsage).not.toHaveBeenCalled();
  });

  it('lets a token use the models that it names', async () => {
    const { pass } = buildAuthorizer();
    const context = buildContext(token({ models: ['ViT-B-32::openai'] }));
    await expect(pass(ASK, context, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('refuses a token that has been revoked since the call was opened', async () => {
    const revoked = new DomainError('unauthenticated', 'The token has been revoked.');
    const { pass } = buildAuthorizer({
      recheck: () => {
        throw revoked;
      },
    });
    await expect(pass(ASK, buildContext(token()), never)).rejects.toBe(revoked);
  });

  it('goes by the rights that the token has now, not by those of when the call was opened', async () => {
    const admit = vi.fn<AccessPorts['admit']>(OPEN_ACCESS.admit);
    const now = token({ scopes: ['rank'], limits: { itemsInFlight: 1 } });
    const { pass } = buildAuthorizer({ recheck: () => now, admit });
    await expect(pass(ASK, buildContext(token()), never)).rejects.toMatchObject({ code: 'permission_denied' });
    await pass({ ...ASK, scope: 'rank' }, buildContext(token()), () => Promise.resolve());
    expect(admit).toHaveBeenCalledWith({ principal: now, items: 2 });
  });

  it('takes the copy of a caller for the caller, with a token and without', async () => {
    const copyOf = (context: CallContext): CallContext => {
      const caller = structuredClone(context.caller);
      return { ...context, caller, principal: caller.principal };
    };
    const { pass } = buildAuthorizer();
    for (const principal of [token(), anonymous]) {
      await expect(pass(ASK, copyOf(buildContext(principal)), () => Promise.resolve(1))).resolves.toBe(1);
    }
    const refused = { code: 'unauthenticated', message: 'A token is needed.' };
    await expect(pass(ASK, copyOf(buildContext(unauthenticated)), never)).rejects.toMatchObject(refused);
  });

  it('refuses a model that is not served to a token for other models, since it may be served a moment later', async () => {
    const { pass } = buildAuthorizer();
    const ask = { ...ASK, model: 'nosuch' };
    const context = buildContext(token({ models: ['ViT-B-32::openai'] }));
    await expect(pass(ask, context, never)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('tells a caller who is over a limit what is left and counts the refusal', async () => {
    const { pass, recordUsage } = buildAuthorizer({
      admit: () => {
        throw new RateLimitedError('The limit is used up.', [STATE], { internal: '', retryAfterMs: 500 });
      },
    });
    const told: RateLimitState[] = [];
    await expect(pass(ASK, buildContext(token(), told), never)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(told).toEqual([STATE]);
    expect(recordUsage).toHaveBeenCalledWith(
      expect.objectContaining({ outcome: 'rate_limited', requests: 0, items: 0, refused: 1 }),
    );
  });

  it('counts a refusal once, however many attempts were made, and none when a later one was let in', async () => {
    const refusal = new RateLimitedError('Too many at a time.', [STATE], { internal: '', retryAfterMs: 250 });
    const twice: Attempts = (attempt) => attempt().catch(attempt);
    const admit = vi.fn<AccessPorts['admit']>(() => Promise.reject(refusal));
    const { pass, recordUsage } = buildAuthorizer({ admit });
    await expect(pass(ASK, buildContext(token()), never, twice)).rejects.toBe(refusal);
    expect(recordUsage.mock.calls).toEqual([[expect.objectContaining({ requests: 0, refused: 1 })]]);
    admit.mockRejectedValueOnce(refusal).mockImplementation(OPEN_ACCESS.admit);
    await pass(ASK, buildContext(token()), () => Promise.resolve(), twice);
    expect(recordUsage.mock.calls.slice(1)).toEqual([[expect.objectContaining({ requests: 1, refused: 0 })]]);
  });

  it('leaves it to the work to say that a model is not served, and counts no use', async () => {
    const { pass, recordUsage } = buildAuthorizer();
    const ask = { ...ASK, model: 'nosuch' };
    await expect(pass(ask, buildContext(token()), () => Promise.resolve('said so'))).resolves.toBe('said so');
    await expect(pass(ask, buildContext(token({ scopes: [] })), never)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect(recordUsage).not.toHaveBeenCalledWith(expect.objectContaining({ requests: 1 }));
  });

  it.each([
    ['a scope', { models: [] }, { scope: 'rank', model: undefined }],
    ['a model', {}, { scope: 'encode', model: 'nosuch' }],
  ] as const)(
    'refuses for want of %s before anything is decoded, and counts that and no use',
    async (_what, rights, ask) => {
      const { authorizer, recordUsage, noteUse } = buildAuthorizer();
      const context = buildContext(token({ scopes: ['encode'], models: ['ViT-B-32::openai'], ...rights }));
      const refused = Promise.resolve(buildCall(context, ask)).then((call) => authorizer.requireRights(call, never));
      await expect(refused).rejects.toMatchObject({ code: 'permission_denied' });
      expect([recordUsage, noteUse].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
      expect(recordUsage).toHaveBeenCalledWith(expect.objectContaining({ requests: 0, denied: 1 }));
    },
  );

  it('lets nobody in where the handler of a request names no scope', async () => {
    const { pass } = buildAuthorizer();
    await expect(pass({ ...ASK, scope: undefined }, buildContext(), never)).rejects.toThrow('names no scope');
  });
});

import { describe, expect, it, vi } from 'vitest';
import { anonymous, DomainError, type Principal } from '#core';
import { RateLimitedError, type RateLimitState } from '#metering';
import { buildContext } from '../testing/build-context.js';
import { OPEN_GATE, SampleModel } from '../testing/sample-services.js';
import type { GatePorts } from './access-ports.js';
import { stranger } from './caller.js';
import { Gate, type Ask, type Attempts } from './gate.js';

const STATE: RateLimitState = { name: 'requestsPerMinute', limit: 10, remaining: 9, resetMs: 1_000 };
const ASK: Ask = { scope: 'encode', model: undefined, items: 2 };

function buildGate(changes: Partial<GatePorts> = {}) {
  const ports = {
    finish: vi.fn(),
    undo: vi.fn(),
    noteUse: vi.fn(),
    recordUsage: vi.fn(),
  };
  const missing = (): DomainError => new DomainError('unauthenticated', 'A token is needed.');
  const admit = (): ReturnType<GatePorts['admit']> => ({ ...ports, states: [STATE] });
  const gate = new Gate({ ...OPEN_GATE, admit, ...ports, registry: new SampleModel(), missing, ...changes });
  return { gate, ...ports };
}

const token = (changes: Partial<Principal> = {}): Principal => ({ ...anonymous, id: 'token-1', ...changes });
const never = (): Promise<never> => Promise.reject(new Error('the work was begun'));

describe('Gate', () => {
  it('runs the work, tells what is left of the limits, and gives the place back', async () => {
    const { gate, finish, noteUse, recordUsage } = buildGate();
    const told: RateLimitState[] = [];
    await expect(gate.pass(ASK, buildContext(token(), told), () => Promise.resolve('done'))).resolves.toBe('done');
    expect(told).toEqual([STATE]);
    expect(finish).toHaveBeenCalledTimes(1);
    const model = 'ViT-B-32::openai';
    expect(noteUse).toHaveBeenCalledWith('token-1', { from: '192.0.2.1', protocol: 'grpc', model });
    expect(recordUsage).toHaveBeenCalledWith({ principalId: 'token-1', model, requests: 1, items: 2, refused: 0 });
  });

  it('gives the place back when the work fails', async () => {
    const { gate, finish } = buildGate();
    await expect(gate.pass(ASK, buildContext(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(finish).toHaveBeenCalledTimes(1);
  });

  it('gives everything back and counts nothing when the full queue turns the request away', async () => {
    const { gate, finish, undo, recordUsage } = buildGate();
    const full = new DomainError('queue_full', 'The queue is full.', { retryAfterMs: 5 });
    const told: RateLimitState[] = [];
    await expect(gate.pass(ASK, buildContext(token(), told), () => Promise.reject(full))).rejects.toBe(full);
    expect([undo, finish, recordUsage].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
    expect(told).toEqual([STATE, STATE]);
  });

  it('counts a request that fails in another way, since it was worked on', async () => {
    const { gate, undo, recordUsage } = buildGate();
    await expect(gate.pass(ASK, buildContext(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(undo).not.toHaveBeenCalled();
    expect(recordUsage).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a caller without a token', stranger, 'unauthenticated'],
    ['a token without the scope', token({ scopes: ['rank'] }), 'permission_denied'],
    ['a token that may use no model at all', token({ models: [] }), 'permission_denied'],
    ['a token that may use another model', token({ models: ['M-CLIP/X'] }), 'permission_denied'],
  ])('refuses %s before any work', async (_who, principal, code) => {
    const { gate, recordUsage } = buildGate();
    await expect(gate.pass(ASK, buildContext(principal), never)).rejects.toMatchObject({ code });
    expect(recordUsage).not.toHaveBeenCalled();
  });

  it('lets a token use the models that it names', async () => {
    const { gate } = buildGate();
    const context = buildContext(token({ models: ['ViT-B-32::openai'] }));
    await expect(gate.pass(ASK, context, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('refuses a token that has been revoked since the call was opened', async () => {
    const revoked = new DomainError('unauthenticated', 'The token has been revoked.');
    const { gate } = buildGate({
      recheck: () => {
        throw revoked;
      },
    });
    await expect(gate.pass(ASK, buildContext(token()), never)).rejects.toBe(revoked);
  });

  it('goes by the rights that the token has now, not by those of when the call was opened', async () => {
    const admit = vi.fn<GatePorts['admit']>(OPEN_GATE.admit);
    const now = token({ scopes: ['rank'], limits: { itemsInFlight: 1 } });
    const { gate } = buildGate({ recheck: () => now, admit });
    await expect(gate.pass(ASK, buildContext(token()), never)).rejects.toMatchObject({ code: 'permission_denied' });
    await gate.pass({ ...ASK, scope: 'rank' }, buildContext(token()), () => Promise.resolve());
    expect(admit).toHaveBeenCalledWith({ principal: now, items: 2 });
  });

  it('refuses a model that is not served to a token for other models, since it may be served a moment later', async () => {
    const { gate } = buildGate();
    const ask = { ...ASK, model: 'nosuch' };
    const context = buildContext(token({ models: ['ViT-B-32::openai'] }));
    await expect(gate.pass(ask, context, never)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('tells a caller who is over a limit what is left and counts the refusal', async () => {
    const { gate, recordUsage } = buildGate({
      admit: () => {
        throw new RateLimitedError('The limit is used up.', [STATE], { internal: '', retryAfterMs: 500 });
      },
    });
    const told: RateLimitState[] = [];
    await expect(gate.pass(ASK, buildContext(token(), told), never)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(told).toEqual([STATE]);
    expect(recordUsage).toHaveBeenCalledWith(expect.objectContaining({ requests: 0, items: 0, refused: 1 }));
  });

  it('counts a refusal once, however many attempts were made, and none when a later one was let in', async () => {
    const refusal = new RateLimitedError('Too many at a time.', [STATE], { internal: '', retryAfterMs: 250 });
    const twice: Attempts = (attempt) => attempt().catch(attempt);
    const admit = vi.fn<GatePorts['admit']>(() => Promise.reject(refusal));
    const { gate, recordUsage } = buildGate({ admit });
    await expect(gate.pass(ASK, buildContext(token()), never, twice)).rejects.toBe(refusal);
    expect(recordUsage.mock.calls).toEqual([[expect.objectContaining({ requests: 0, refused: 1 })]]);
    admit.mockRejectedValueOnce(refusal).mockImplementation(OPEN_GATE.admit);
    await gate.pass(ASK, buildContext(token()), () => Promise.resolve(), twice);
    expect(recordUsage.mock.calls.slice(1)).toEqual([[expect.objectContaining({ requests: 1, refused: 0 })]]);
  });

  it('leaves it to the work to say that a model is not served, and counts nothing', async () => {
    const { gate, recordUsage } = buildGate();
    const ask = { ...ASK, model: 'nosuch' };
    await expect(gate.pass(ask, buildContext(token()), () => Promise.resolve('said so'))).resolves.toBe('said so');
    await expect(gate.pass(ask, buildContext(token({ scopes: [] })), never)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect(recordUsage).not.toHaveBeenCalled();
  });
});

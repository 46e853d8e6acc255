import { describe, expect, it } from 'vitest';
import { anonymous, DomainError, type Principal } from '#core';
import { buildContext } from '../testing/build-context.js';
import { buildServices } from '../testing/sample-services.js';
import type { Call } from './call.js';
import { unauthenticated } from './caller.js';
import { lookUp, type RequestHandler } from './pipeline.js';

/** A handler that writes down how far its request came; `found` is what its request turns out to ask for. */
function tracing(found: Partial<Call> = {}) {
  const steps: string[] = [];
  const handler: RequestHandler<string> = {
    operation: 'encode',
    read: async (call) => {
      steps.push('read');
      Object.assign(call, { items: 1, ...found });
      return async () => {
        steps.push('opened');
        return async () => {
          steps.push('worked');
          return 'answer';
        };
      };
    },
  };
  return { handler, steps };
}

/** How far a request came, how it ended and what was reported of it. */
async function ask(caller: Principal, found: Partial<Call> = {}, whole: Partial<RequestHandler<string>> = {}) {
  const { services, outcomes } = buildServices({ requestItemsMax: 3 });
  const { handler, steps } = tracing(found);
  const answer = await services.pipeline
    .run(buildContext(caller), { ...handler, ...whole })
    .catch((err: unknown) => DomainError.from(err).code);
  return { answer, steps, outcomes: outcomes.map(({ outcome, items }) => [outcome, items]) };
}

const rights = (changes: Partial<Principal>): Principal => ({ ...anonymous, id: 'token-1', ...changes });

describe('RequestPipeline', () => {
  it('answers a request that may be done, and reports it once', async () => {
    expect(await ask(anonymous)).toEqual({
      answer: 'answer',
      steps: ['read', 'opened', 'worked'],
      outcomes: [['ok', 1]],
    });
  });

  it.each([
    ['for want of a token before it is read', unauthenticated, {}, 'unauthenticated', [], 0],
    ['for want of a scope before it is read', rights({ scopes: ['rank'] }), {}, 'permission_denied', [], 0],
    ['for its size before its items are made', anonymous, { items: 4 }, 'request_too_large', ['read'], 4],
    ['for want of the model before its items are made', rights({ models: [] }), {}, 'permission_denied', ['read'], 1],
  ])('refuses a request %s, and reports it once', async (_why, caller, found, code, steps, items) => {
    expect(await ask(caller, found)).toEqual({ answer: code, steps, outcomes: [[code, items]] });
  });

  it('bounds the items that a request turns out to have once they are made', async () => {
    const grown: Partial<RequestHandler<string>> = {
      read: async () => async (call) => {
        call.items = 4;
        return () => Promise.resolve('answer');
      },
    };
    expect(await ask(anonymous, {}, grown)).toMatchObject({
      answer: 'request_too_large',
      outcomes: [['request_too_large', 4]],
    });
  });

  it('answers a look-up to whoever has the scope, and anybody what needs none, at no cost', async () => {
    const { services, outcomes } = buildServices({}, { admit: () => Promise.reject(new Error('it was charged')) });
    const look = lookUp('models', () => 'found');
    const context = buildContext(rights({ scopes: ['models:read'] }));
    await expect(services.pipeline.run({ ...context, scope: 'models:read' }, look)).resolves.toBe('found');
    await expect(services.pipeline.run(context, look)).rejects.toMatchObject({ code: 'permission_denied' });
    const open = { ...buildContext(unauthenticated), scope: undefined };
    await expect(services.pipeline.run(open, look)).resolves.toBe('found');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ok', 'permission_denied', 'ok']);
  });
});

import { describe, expect, it } from 'vitest';
import { anonymous, DomainError, type Authenticated, type Principal, type TokenCredential } from '#core';
import { TokenAuthenticator } from './token-authenticator.js';

const ci: Principal = { id: 'token-1', name: 'ci', scopes: ['encode'], limits: {} };

/** A verifier that knows one token; `away` is one that it cannot tell about. */
const verifier = {
  verify(token: string): Promise<Authenticated<TokenCredential>> {
    const credential = { tokenId: ci.id, secretSha256: 'a digest' };
    if (token === 'live') return Promise.resolve({ principal: ci, credential });
    const code = token === 'away' ? 'unavailable' : 'unauthenticated';
    return Promise.reject(new DomainError(code, 'no'));
  },
};

describe('TokenAuthenticator that requires a token', () => {
  const guard = new TokenAuthenticator({ verifier, required: true });

  it.each(['live', 'Bearer live', 'bearer live', 'BEARER   live  ', '  live ', 'Bearer\tlive'])(
    'accepts the header %j',
    async (authorization) => {
      expect((await guard.authenticate({ authorization }))?.principal).toBe(ci);
    },
  );

  it('accepts the sub-protocol of a browser', async () => {
    expect((await guard.authenticate({ webSocketProtocols: ['chat', 'bearer.live'] }))?.principal).toBe(ci);
  });

  it('judges by the header when there is a sub-protocol too', async () => {
    const both = guard.authenticate({ authorization: 'other', webSocketProtocols: ['bearer.live'] });
    await expect(both).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([{}, { authorization: '' }, { authorization: '  ' }, { webSocketProtocols: ['chat'] }])(
    'leaves it to the door what %j may do',
    async (credentials) => {
      expect(await guard.authenticate(credentials)).toBeUndefined();
    },
  );

  it.each(['wrong', 'Bearer wrong', 'Basic bGl2ZQ==', 'Bearer'])('refuses the header %j', async (authorization) => {
    await expect(guard.authenticate({ authorization })).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('says when it cannot tell', async () => {
    await expect(guard.authenticate({ authorization: 'away' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('TokenAuthenticator that requires none', () => {
  const guard = new TokenAuthenticator({ verifier, required: false });

  it.each([undefined, 'a token of another service', 'Bearer away'])('takes %j for anonymous', async (authorization) => {
    expect((await guard.authenticate({ authorization }))?.principal).toBe(anonymous);
  });

  it('names whoever shows a live token', async () => {
    expect((await guard.authenticate({ authorization: 'Bearer live' }))?.principal).toBe(ci);
  });
});

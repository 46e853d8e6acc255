import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, type Authenticated } from '#core';
import type { GuardPort } from '../request/access-ports.js';
import { rememberCaller, withoutCredential } from '../request/caller.js';
import type { ClientAddress } from '../request/client-address.js';
import type { PageOrigins } from '../request/page-origins.js';
import { needOf } from './needs.js';

export interface HttpAccess {
  readonly guard: GuardPort;
  readonly clientAddress: ClientAddress;
  readonly pages: PageOrigins;
}

/**
 * Authenticates HTTP requests before a byte of the body is read. A wrong token is refused wherever one is needed, a missing one everywhere
 * but on the compatible surface, where the pipeline refuses it once the request turns out to compute.
 */
export function authenticateHttp(fastify: FastifyInstance, { guard, clientAddress, pages }: HttpAccess): void {
  fastify.addHook('onRequest', async (req) => {
    const need = needOf(req);
    if (need === 'nothing') return pages.requireHost(req.headers);
    const { 'x-forwarded-for': forwarded } = req.headers;
    const authenticated = await authenticate({ guard, pages }, req, need === 'documents');
    const address = clientAddress(req.socket.remoteAddress, String(forwarded ?? ''));
    rememberCaller(req.raw, { ...authenticated, protocol: 'http', address });
  });
}

async function authenticate(
  { guard, pages }: Pick<HttpAccess, 'guard' | 'pages'>,
  { headers }: FastifyRequest,
  mayBeMissing: boolean,
): Promise<Authenticated> {
  try {
    const found = await guard.authenticate({ authorization: headers.authorization });
    if (!found && !mayBeMissing) throw guard.missing();
    if (found) pages.require(found.principal, headers);
    return found ?? withoutCredential;
  } catch (err) {
    guard.onRefused('http', DomainError.from(err).code);
    throw err;
  }
}

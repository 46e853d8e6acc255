import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, type Principal } from '#core';
import type { GuardPort } from '../request/access-ports.js';
import { rememberCaller, stranger } from '../request/caller.js';
import type { ClientAddress } from '../request/client-address.js';
import type { PageOrigins } from '../request/page-origins.js';

/** What needs no token: documentation, versions and readiness. */
const OPEN_ROUTES = new Set(['/', '/health', '/status', '/dry_run', '/openapi.json']);

/** The compatible surface: a request may carry nothing to compute, which only its (small) body tells. */
const DOCUMENT_ROUTES = new Set(['/post', '/encode', '/encode/*', '/rank', '/rank/*', '/index', '/search']);

/** Whether a route is for everybody, does with or without a token, or needs one; `required` is whether anything does. */
export function tokenNeed(url: string, required: boolean): 'none' | 'optional' | 'required' {
  if (OPEN_ROUTES.has(url)) return 'none';
  return required && !DOCUMENT_ROUTES.has(url) ? 'required' : 'optional';
}

export interface HttpAccess {
  readonly guard: GuardPort;
  readonly clientAddress: ClientAddress;
  readonly pages: PageOrigins;
}

/**
 * The HTTP door: says who calls before a byte of the body is read. A wrong token is refused wherever one is needed, a
 * missing one everywhere but on the compatible surface, where the gate refuses it once the request turns out to compute.
 */
export function guardHttp(fastify: FastifyInstance, { guard, clientAddress, pages }: HttpAccess): void {
  fastify.addHook('onRequest', async (req) => {
    if (isOpen(req)) return pages.requireHost(req.headers);
    const { 'x-forwarded-for': forwarded } = req.headers;
    const principal = await admit({ guard, pages }, req);
    const address = clientAddress(req.socket.remoteAddress, String(forwarded ?? ''));
    rememberCaller(req.raw, { principal, protocol: 'http', address });
  });
}

async function admit({ guard, pages }: Pick<HttpAccess, 'guard' | 'pages'>, req: FastifyRequest): Promise<Principal> {
  try {
    const principal = await guard.authenticate({ authorization: req.headers.authorization });
    if (!principal && !mayBeEmpty(req)) throw guard.missing();
    if (principal) pages.require(principal, req.headers);
    return principal ?? stranger;
  } catch (err) {
    guard.onRefused('http', DomainError.from(err).code);
    throw err;
  }
}

function isOpen({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  if (method === 'OPTIONS') return true;
  if (method !== 'GET' && method !== 'HEAD') return false;
  return OPEN_ROUTES.has(url) || url === '/docs' || url.startsWith('/docs/');
}

function mayBeEmpty({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  return method === 'POST' && DOCUMENT_ROUTES.has(url);
}

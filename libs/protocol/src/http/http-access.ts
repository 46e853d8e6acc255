import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, isDocumentation, type Authenticated } from '#core';
import { type GuardPort, type Need, NEED_EXTENSION } from '../request/access.js';
import { arrivalOf } from '../request/arrival.js';
import { rememberCaller, withoutCredential } from '../request/caller.js';
import type { ClientAddress } from '../request/client-address.js';
import type { PageOrigins } from '../request/page-origins.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route of the inference API needs. */
    access?: Need;
  }
}

/**
 * Declares what a route needs of its caller. A route that declares nothing is refused to everybody.
 *
 * @example
 * @Get('v1/models')
 * @Needs('models:read')
 * list() {}
 */
export function Needs(need: Need): MethodDecorator {
  return applyDecorators(RouteConfig({ access: need }), ApiExtension(NEED_EXTENSION, need));
}

/** Whether anybody may ask for it, or no route answers it: such requests are neither traced nor timed. */
export function isOpen({ is404, routeOptions }: FastifyRequest): boolean {
  return is404 || (routeOptions.config.access ?? 'nothing') === 'nothing';
}

/** What HTTP requests are authenticated with. */
export interface HttpAccess {
  readonly guard: GuardPort;
  readonly clientAddress: ClientAddress;
  readonly pages: PageOrigins;
}

/**
 * Authenticates HTTP requests before a byte of the body is read. A wrong token is refused wherever one is needed, a
 * missing one everywhere but on the compatible surface, where the pipeline refuses it once the request turns out to
 * compute.
 */
export function authenticateHttp(fastify: FastifyInstance, { guard, clientAddress, pages }: HttpAccess): void {
  fastify.addHook('onRequest', async (req) => {
    const need = needOf(req);
    if (need === 'nothing') return pages.requireHost(req.headers);
    const { 'x-forwarded-for': forwarded } = req.headers;
    const arrival = arrivalOf(req.raw);
    const startMs = arrival?.now();
    const address = clientAddress(req.socket.remoteAddress, String(forwarded ?? ''));
    const remember = (found: Authenticated): void => rememberCaller(req.raw, { ...found, protocol: 'http', address });
    try {
      remember(await authenticate({ guard, pages }, req, need === 'documents'));
    } catch (err) {
      remember(withoutCredential);
      throw err;
    }
    if (arrival && startMs !== undefined) arrival.addPart('authenticate', startMs);
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

/**
 * Returns what the route of `req` needs; undefined where no route matches. Throws for a route that declares nothing.
 */
function needOf(req: FastifyRequest): Need | undefined {
  if (req.method === 'OPTIONS') return 'nothing';
  if (req.is404) return undefined;
  const { url = '', config } = req.routeOptions;
  if (config.access !== undefined) return config.access;
  if (isDocumentation([req.method], url)) return 'nothing';
  throw new DomainError('internal', 'The server failed on this request. The log of the server has the reason.', {
    internal: `the route ${req.method} ${url} does not say what it needs`,
  });
}

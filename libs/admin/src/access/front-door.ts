import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireCsrfToken } from '#auth';
import { DomainError, type RouteTable } from '#core';
import type { AdminServices } from '../admin-services.js';
import { rememberCaller, requireCallerMay, sessionOf, type Caller } from './caller.js';
import type { Cookies } from './cookies.js';
import { identifySession, identifyToken } from './identify.js';
import { needOf, type Need } from './needs.js';
import type { PublicAddress } from './public-address.js';

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Swagger's own routes, which cannot say what they need: they tell nothing but how the API looks. */
const DOCUMENTATION = /^\/(docs(\/.*)?|openapi\.json)$/;

/**
 * The one place where requests are let in, before a byte of the body is read: whether a change comes from a page of
 * ours, who calls, and whether that caller may do what the route needs. What does not say what it needs is refused.
 */
export class FrontDoor {
  constructor(
    private readonly services: AdminServices,
    private readonly cookies: Cookies,
    private readonly address: PublicAddress,
    private readonly routes: RouteTable,
  ) {}

  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (req, res) => this.letIn(req, res));
  }

  private async letIn(req: FastifyRequest, res: FastifyReply): Promise<void> {
    if (req.is404) throw this.unanswered(req, res);
    const need = needOf(req) ?? needOfDocumentation(req);
    const { authorization } = req.headers;
    const isChange = !SAFE_METHODS.includes(req.method);
    if (isChange && authorization === undefined) this.address.requireSameOrigin(req);
    if (need === 'nothing') return;
    const caller = await this.identify(req, authorization, isChange);
    rememberCaller(req, caller);
    if (need === 'session') sessionOf(req);
    else if (need !== 'caller') requireCallerMay(caller, need);
  }

  private unanswered({ method, url }: FastifyRequest, res: FastifyReply): DomainError {
    const methods = this.routes.othersAt(method, url);
    if (methods.length === 0) return new DomainError('not_found', 'There is nothing at this address; see /docs.');
    void res.header('allow', methods.join(', '));
    return new DomainError('method_not_allowed', `${method} is not answered here; use ${methods.join(' or ')}.`);
  }

  /** A header wins over a cookie: whoever sends a token means it, and a wrong one is refused. */
  private async identify(req: FastifyRequest, authorization: string | undefined, isChange: boolean): Promise<Caller> {
    if (authorization !== undefined) return identifyToken(this.services, req, authorization);
    const secret = this.cookies.read(req, 'session');
    const caller = await identifySession(this.services, req, secret);
    if (isChange) requireCsrfToken(secret ?? '', headerOf(req, 'x-csrf-token'));
    return caller;
  }
}

function needOfDocumentation(req: FastifyRequest): Need {
  if (SAFE_METHODS.includes(req.method) && DOCUMENTATION.test(req.routeOptions.url ?? '')) return 'nothing';
  throw new DomainError('internal', 'The server failed on this request. The log of the server has the reason.', {
    internal: `the route ${req.method} ${req.routeOptions.url} does not say what it needs`,
  });
}

function headerOf(req: FastifyRequest, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' ? value : undefined;
}

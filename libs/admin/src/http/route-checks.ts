import type { FastifyInstance } from 'fastify';
import { DomainError, RouteTable } from '#core';
import { requireDeclared } from '../access/needs.js';

/**
 * Checks every route that is registered from now on (`requireDeclared`), and refuses requests that no route answers:
 * 404 where there is nothing, 405 with the methods where there are others.
 */
export function checkRoutes(fastify: FastifyInstance): void {
  const routes = new RouteTable();
  fastify.addHook('onRoute', (route) => {
    requireDeclared(route);
    for (const method of [route.method].flat()) if (method !== 'HEAD') routes.add(method, route.url);
  });
  fastify.addHook('onRequest', (req, res, done) => {
    if (!req.is404) return done();
    const methods = routes.othersAt(req.method, req.url);
    if (methods.length > 0) void res.header('allow', methods.join(', '));
    done(unanswered(req.method, methods));
  });
}

function unanswered(method: string, methods: readonly string[]): DomainError {
  if (methods.length === 0) return new DomainError('not_found', 'There is nothing at this address; see /docs.');
  return new DomainError('method_not_allowed', `${method} is not answered here; use ${methods.join(' or ')}.`);
}

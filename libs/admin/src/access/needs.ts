import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '#auth';

/**
 * What a route asks of its caller: `nothing`; to be known (`caller`); to be a person that is logged in (`session`); or
 * a permission of the caller's role. Whose token or account it is about, the route itself looks at.
 */
export type Need = 'nothing' | 'caller' | 'session' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: Need;
  }
}

/** Says what a route needs. The front door refuses every route that does not say it; the API's document says it, too. */
export function Needs(need: Need): MethodDecorator {
  return applyDecorators(RouteConfig({ needs: need }), ApiExtension('x-needs', need));
}

/** What the route of `req` needs; undefined when it does not say. */
export function needOf(req: FastifyRequest): Need | undefined {
  return req.routeOptions.config.needs;
}

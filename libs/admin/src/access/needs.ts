import { applyDecorators, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyContextConfig, RouteOptions } from 'fastify';
import type { Permission } from '#auth';
import { isDocumentation } from '#core';

/**
 * What a route asks of its caller: `nothing`; to be known (`caller`); to be a person that is logged in (`session`); or
 * a permission of the caller's role. The route itself checks whose token or account it is about.
 */
export type Need = 'nothing' | 'caller' | 'session' | Permission;

const DeclaredNeed = Reflector.createDecorator<Need>();

/** Marks a route of Fastify as declared. Not exported, so that `Needs` and `OPEN_ROUTE` alone can set it. */
const DECLARED = Symbol('declared');

declare module 'fastify' {
  interface FastifyContextConfig {
    [DECLARED]?: boolean;
  }
}

/**
 * Declares what a route needs; AccessGuard refuses every route that does not. The API's document shows it as `x-needs`.
 *
 * @example
 * ```ts
 * @Get()
 * @Needs('audit:read')
 * list() {}
 * ```
 */
export function Needs(need: Need): MethodDecorator {
  return applyDecorators(DeclaredNeed(need), RouteConfig({ [DECLARED]: true }), ApiExtension('x-needs', need));
}

/** The `config` of a route that is registered with Fastify itself. Guards do not run there, so it can only be open. */
export const OPEN_ROUTE: FastifyContextConfig = Object.freeze({ [DECLARED]: true });

/** What the handler of a request declares; undefined when it declares nothing. */
export function needOf(reflector: Reflector, context: ExecutionContext): Need | undefined {
  return reflector.get(DeclaredNeed, context.getHandler());
}

/**
 * Refuses to register a route that declares nothing. Guards see the routes of controllers only; without this check any
 * other route would be open.
 *
 * @throws Error, which ends the start of the server
 */
export function requireDeclared({ method, url, config = {} }: RouteOptions): void {
  const methods = [method].flat();
  if (DECLARED in config || isDocumentation(methods, url)) return;
  throw new Error(`The route ${methods.join(', ')} ${url} does not declare what it needs (@Needs).`);
}

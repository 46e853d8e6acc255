import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#core';
import { type Need, NEED_EXTENSION } from '../request/need.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route of the inference API needs. */
    access?: Need;
  }
}

/**
 * Says what a route needs of its caller. A route that does not say it is refused to everybody.
 *
 * @example
 * @Get('v1/models')
 * @Needs('models:read')
 * list() {}
 */
export function Needs(need: Need): MethodDecorator {
  return applyDecorators(RouteConfig({ access: need }), ApiExtension(NEED_EXTENSION, need));
}

/** Swagger's own routes, which cannot say what they need: they tell nothing but how the API looks. */
const DOCUMENTATION = /^\/(docs(\/.*)?|openapi\.json)$/;

/** What the route of `req` needs; undefined where no route is met. Throws for a route that does not say it. */
export function needOf(req: FastifyRequest): Need | undefined {
  if (req.method === 'OPTIONS') return 'nothing';
  if (req.is404) return undefined;
  const { url = '', config } = req.routeOptions;
  if (config.access !== undefined) return config.access;
  if (/^(GET|HEAD)$/.test(req.method) && DOCUMENTATION.test(url)) return 'nothing';
  throw new DomainError('internal', 'The server failed on this request. The log of the server has the reason.', {
    internal: `the route ${req.method} ${url} does not say what it needs`,
  });
}

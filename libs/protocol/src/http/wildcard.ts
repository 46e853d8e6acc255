import type { FastifyRequest } from 'fastify';

/** What the `*` at the end of a route's path stands for, decoded; empty where the route has none. */
export function wildcardOf({ params }: FastifyRequest): string {
  const isRecord = typeof params === 'object' && params !== null;
  return isRecord && '*' in params && typeof params['*'] === 'string' ? params['*'] : '';
}

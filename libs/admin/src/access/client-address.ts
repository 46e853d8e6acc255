import ipaddr from 'ipaddr.js';
import type { FastifyRequest } from 'fastify';

/** The caller's address through trusted proxies, without the IPv6 clothing of an IPv4 one. */
export function clientAddressOf(req: FastifyRequest): string {
  return ipaddr.isValid(req.ip) ? ipaddr.process(req.ip).toString() : 'unknown';
}

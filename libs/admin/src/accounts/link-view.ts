import type { FastifyRequest } from 'fastify';
import type { OneTimeLink } from '#auth';
import type { PublicAddress } from '../access/public-address.js';
import type { LinkView } from './account.dto.js';

/** The page of a link. The secret is in the fragment, which browsers send to nobody and servers write into no log. */
export function linkViewOf(link: OneTimeLink, address: PublicAddress, req: FastifyRequest): LinkView {
  const { purpose, secret, expiresAtMs } = link;
  return { purpose, url: `${address.of(req, `/${purpose}`)}#${secret}`, expiresAtMs };
}

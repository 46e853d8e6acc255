import type { FastifyRequest } from 'fastify';
import { DomainError } from '#core';

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a request may change something: those must come from a page of ours. */
export function isChange({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return !SAFE_METHODS.includes(method);
}

/** Where people reach the admin API: its links lead there, and changes must come from its pages. */
export class PublicAddress {
  /** @param url scheme, host and port as the operator gave them; undefined = the Host header of each request */
  constructor(private readonly url: string | undefined) {}

  /** The whole address of a path of ours. */
  of(req: FastifyRequest, path: string): string {
    return new URL(path, this.url ?? `${req.protocol}://${req.host}`).href;
  }

  /**
   * Refuses a change that a page of another site made the browser send: every browser says where a request comes from
   * in `Sec-Fetch-Site` or at least in `Origin`. A program that sends neither is let through: it has nobody's cookies.
   *
   * @throws DomainError `permission_denied`
   */
  requireSameOrigin(req: FastifyRequest): void {
    const { 'sec-fetch-site': site, origin } = req.headers;
    const isOtherSite = site !== undefined && site !== 'same-origin';
    if (!isOtherSite && (origin === undefined || this.isOwn(req, origin))) return;
    throw new DomainError(
      'permission_denied',
      'The request comes from a page of another site. ' +
        'If the page is ours, the operator must set CAS_ADMIN_URL to its address.',
    );
  }

  /** Compares hosts and not whole origins: behind a proxy that ends TLS this server sees another scheme. */
  private isOwn(req: FastifyRequest, origin: string): boolean {
    const host = hostOf(origin);
    if (host === undefined) return false;
    return host === hostOf(`${req.protocol}://${req.host}`) || (this.url !== undefined && host === hostOf(this.url));
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

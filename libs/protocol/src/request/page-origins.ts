import type { IncomingHttpHeaders } from 'node:http';
import { DomainError, isAnonymous, KnownHosts, type Principal } from '#core';

/** Which pages the operator trusts. */
export interface PageOriginsOptions {
  /** Origins that the operator has named; `true` for any. Default: none. */
  readonly allowed?: readonly string[] | true;
  /** The names under which a page counts as the service's own. */
  readonly hosts?: KnownHosts;
  /**
   * Whether whoever has no token must ask for one of these names: where nobody but this machine and its browsers can.
   */
  readonly hostsOnly?: boolean;
}

/**
 * Which web pages may use a service that asks for no token. Browsers ask before they let a page read an answer (CORS),
 * but not before they send a plain POST or open a WebSocket, and not at all where a page's own name leads here (see
 * KnownHosts): without this any page that somebody visits could use a service on that person's machine. A page that has
 * a token needs none of this.
 */
export class PageOrigins {
  private readonly allowed: readonly string[] | true;
  private readonly hosts: KnownHosts;
  private readonly hostsOnly: boolean;

  constructor({ allowed = [], hosts = new KnownHosts(), hostsOnly = false }: PageOriginsOptions = {}) {
    this.allowed = allowed;
    this.hosts = hosts;
    this.hostsOnly = hostsOnly;
  }

  /**
   * Lets through what comes from no page, from the service's own or from an allowed one.
   *
   * @throws DomainError `permission_denied`
   */
  require(principal: Principal, headers: IncomingHttpHeaders): void {
    if (!isAnonymous(principal)) return;
    this.requireHost(headers);
    const { origin, host } = headers;
    if (origin === undefined || this.allowed === true) return;
    if (this.allowed.includes(origin) || this.isOwn(origin, host)) return;
    throw new DomainError(
      'permission_denied',
      'Web pages of other sites need an access token to call this server, or its operator adds their origin to CAS_CORS_ORIGINS.',
    );
  }

  /**
   * The half of `require` that also routes have to pass which never need a token: a page that is taken for the
   * service's own sends a GET without any origin.
   *
   * @throws DomainError `permission_denied`
   */
  requireHost({ host }: IncomingHttpHeaders): void {
    if (this.hostsOnly) this.hosts.require(host);
  }

  private isOwn(origin: string, host: string | undefined): boolean {
    return URL.parse(origin)?.host === host && this.hosts.has(host);
  }
}

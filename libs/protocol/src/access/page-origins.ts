import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { anonymous, DomainError, type Principal } from '#core';

/**
 * Which web pages may use a service that asks for no token. Browsers ask before they let a page read an answer (CORS), but
 * not before they send a plain POST or open a WebSocket: without this any page that somebody visits could use a service on
 * that person's machine. A page that has a token needs none of this.
 */
export class PageOrigins {
  /** @param allowed origins that the operator has named; `true` for any */
  constructor(private readonly allowed: readonly string[] | true = []) {}

  /**
   * Lets through what comes from no page, from the service's own or from an allowed one.
   *
   * @throws DomainError `permission_denied`
   */
  require(principal: Principal, { origin, host }: IncomingHttpHeaders): void {
    if (principal.id !== anonymous.id || origin === undefined || this.allowed === true) return;
    if (this.allowed.includes(origin) || isOwn(origin, host)) return;
    throw new DomainError(
      'permission_denied',
      'Web pages of other origins need an access token here, or the operator names their origin in CAS_CORS_ORIGINS.',
    );
  }
}

/** By address or as `localhost` only: whoever owns a name can make it lead here for a moment (DNS rebinding). */
function isOwn(origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null || url.host !== host) return false;
  return url.hostname === 'localhost' || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
}

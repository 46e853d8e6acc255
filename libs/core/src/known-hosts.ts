import { isIP } from 'node:net';
import { DomainError } from './domain-error.js';

/** Top-level names that the public name system never gives away (RFC 6761, RFC 6762, ICANN's resolution 2024.07.29.06). */
const RESERVED = ['.localhost', '.local', '.internal'];

/**
 * The names by which a service may be reached that asks for no token. Whoever owns a name can make it lead here for a moment (DNS
 * rebinding): a page of that name is then, for a browser, a page of this service, which may read what it answers, and of a GET
 * nothing but the name tells where it comes from. So these are addresses, names that nobody outside can own, and those that the
 * operator names.
 */
export class KnownHosts {
  private readonly named: ReadonlySet<string>;

  /** @param named further names, without ports */
  constructor(named: readonly string[] = []) {
    this.named = new Set(named.map((name) => name.toLowerCase()));
  }

  /** Whether a Host header, with or without a port, has one of these names; one that is left out has. */
  has(host: string | undefined): boolean {
    const name = nameOf(host ?? '');
    if (!name.includes('.') || isIP(name) !== 0) return true;
    return this.named.has(name) || RESERVED.some((end) => name.endsWith(end));
  }

  /** @throws DomainError `permission_denied` for a host that `has` does not have */
  require(host: string | undefined): void {
    if (this.has(host)) return;
    throw new DomainError(
      'permission_denied',
      `No token is needed here, so only names are answered that no stranger can own, and ${nameOf(host ?? '')} is none of them. ` +
        'If this service is meant, use its address or localhost, or its operator names that host in CAS_CORS_ORIGINS.',
    );
  }
}

/** Without the port, the brackets of IPv6 and the dot of the root. */
function nameOf(host: string): string {
  const [, address] = /^\[([^\]]*)\]/.exec(host) ?? [];
  return (address ?? host.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase();
}

import { isIP } from 'node:net';
import { DomainError } from './domain-error.js';

/** The head of a request as Node's servers give it: names and values in turn, as they came. */
export interface RequestHead {
  readonly rawHeaders: readonly string[];
  /** The request target. It is a whole address in requests that were meant for a proxy. */
  readonly url?: string | undefined;
}

/** `uri-host [":" port]` (RFC 9110 §7.2) without the comma, which joins two values. It may be empty. */
const HOST = /^(?:\[[\da-f:.]+(?:%[\w.~-]+)?\]|[\w.~!$&'()*+;=%-]*)(?::\d{0,5})?$/i;

/**
 * Says, in a sentence for the sender, what is wrong with the way in which a request names its host; undefined where it
 * names one, or none where HTTP allows that. A proxy, a cache or a filter may read another of two names than the
 * service does, so RFC 9112 §3.2 wants such a request refused. So does RFC 9113 §8.3.1 for an `:authority` and a `host`
 * that differ. Node itself silently takes the first of two lines.
 */
export function hostProblem({ rawHeaders, url = '' }: RequestHead): string | undefined {
  const hosts = valuesOf(rawHeaders, 'host');
  if (hosts.length > 1) return 'The request has more than one Host header. Send one.';
  const named = [...hosts, ...valuesOf(rawHeaders, ':authority'), ...authorityOf(url)];
  if (!named.every((name) => HOST.test(name))) {
    return 'The Host header is no host name or address with an optional port. Send one like clip.example.com:51000.';
  }
  if (named.length <= 1 || new Set(named.map(comparable)).size <= 1) return undefined;
  return 'The request names two hosts: its Host header and its address differ. Send the same in both.';
}

/** @throws DomainError `malformed_request` with the `hostProblem` of `head`, if there is one */
export function requireOneHost(head: RequestHead): void {
  const problem = hostProblem(head);
  if (problem !== undefined) throw new DomainError('malformed_request', problem);
}

/** The length is compared first: every request comes by here, with a dozen headers. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] ?? '';
    if (header.length === name.length && header.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}

/** The host of a target in absolute form (RFC 9112 §3.2.2); empty for the usual form. */
function authorityOf(target: string): string[] {
  if (target.startsWith('/')) return [];
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(target) ?? [];
  return authority === undefined ? [] : [authority];
}

/** Removes what names no other host: upper case and the default ports. */
function comparable(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)?$/, '');
}

/** Top-level names that the public name system never assigns (RFC 6761, RFC 6762, ICANN's resolution 2024.07.29.06). */
const RESERVED = ['.localhost', '.local', '.internal'];

/**
 * The names by which clients may reach a service that asks for no token. The owner of a name can point it here for a
 * moment (DNS rebinding). A browser then takes a page of that name for a page of this service and lets it read the
 * answers, and only the name tells where a GET comes from. So the service answers to addresses, to names that nobody
 * outside can own, and to those that the operator lists.
 *
 * @example new KnownHosts(['clip.example.com']).require(req.headers.host);
 */
export class KnownHosts {
  private readonly named: ReadonlySet<string>;

  /** @param named further names, without ports */
  constructor(named: readonly string[] = []) {
    this.named = new Set(named.map((name) => name.toLowerCase()));
  }

  /** Whether a Host header, with or without a port, has one of these names. A missing header counts as one. */
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

/** Removes the port, the brackets of IPv6 and the dot of the root. */
function nameOf(host: string): string {
  const [, address] = /^\[([^\]]*)\]/.exec(host) ?? [];
  return (address ?? host.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase();
}

import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** Most addresses whose result is remembered. */
const REMEMBERED_MAX = 1_000;

/** Finds who calls behind proxies; made once from the operator's list. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * The caller's address: the one that connected, or, as long as that is a trusted proxy, the one it names last in
 * X-Forwarded-For. What a caller writes into that header itself stands further left and is never reached.
 * @param trusted addresses and networks (CIDR) of proxies
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  const isTrusted = addressesIn(trusted);
  const addressOf = remembering((peer: string) => (ipaddr.isValid(peer) ? ipaddr.process(peer).toString() : peer));
  if (trusted.length === 0) return (peer) => addressOf(peer ?? 'unknown');
  return (peer, forwardedFor) => {
    const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
    let address = peer ?? 'unknown';
    while (isTrusted(address)) {
      const next = hops.pop();
      if (next === undefined || !ipaddr.isValid(next)) break;
      address = next;
    }
    return addressOf(address);
  };
}

/** Tells whether an address is one of `places`, which are addresses and networks (CIDR). */
export function addressesIn(places: readonly string[]): (address: string) => boolean {
  const networks = places.map((text) => ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${widthOf(text)}`));
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return networks.some((network) => network[0].kind() === parsed.kind() && parsed.match(network));
  };
}

/** Whose an address is taken to be: of IPv6 the network of 64 bits, all of which one customer of a provider has. */
export const networkOf = remembering((address: string): string => {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? `${parsed.parts.slice(0, 4).join(':')}::/64` : parsed.toString();
});

/** The same function of an address, which takes its results from memory for those that call again and again. */
function remembering(compute: (address: string) => string): (address: string) => string {
  const known = new LRUCache<string, string>({ max: REMEMBERED_MAX, memoMethod: compute });
  return (address) => known.memo(address);
}

function widthOf(address: string): number {
  return ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128;
}

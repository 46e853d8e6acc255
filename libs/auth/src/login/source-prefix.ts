import ipaddr from 'ipaddr.js';

/**
 * What an address counts as when log-ins are slowed: itself for IPv4, its /64 for IPv6 (every host has a whole one to
 * choose from, RFC 6177). What is no address counts as itself.
 */
export function sourcePrefix(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 100);
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

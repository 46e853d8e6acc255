import ipaddr from 'ipaddr.js';

/** Whether the server may connect to an IP address (no name, no port; IPv6 without brackets). */
export type AddressPolicy = (address: string) => boolean;

/** For operators whose images live in their own network. */
export const anyAddress: AddressPolicy = () => true;

/**
 * Only addresses that the whole internet can reach. Stated as what is allowed, so that a range nobody thought of is
 * refused: IPv4 outside every special block of the IANA registries (ipaddr.js keeps the list), IPv6 inside 2000::/3
 * (RFC 4291 §2.4, all that IANA has given out) and outside the special blocks there, which hold 6to4 and Teredo.
 * An IPv4 address inside IPv6 (mapped, RFC 4291; NAT64's 64:ff9b::/96, RFC 6052) counts as that IPv4 address.
 * What cannot be read as an address is refused.
 */
export const publicAddress: AddressPolicy = (address) => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIpv4(parsed);
  if (!(parsed instanceof ipaddr.IPv6)) return false;
  const inner = embeddedIpv4(parsed);
  return inner ? isPublicIpv4(inner) : parsed.match(globalUnicast) && parsed.range() === 'unicast';
};

/**
 * One spelling for each address, so that two can be compared: an IPv4 address inside IPv6 as that IPv4 address, IPv6
 * shortened, without a zone; undefined for what is no address.
 */
export function canonicalAddress(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const plain = parsed instanceof ipaddr.IPv6 ? (embeddedIpv4(parsed) ?? new ipaddr.IPv6(parsed.parts)) : parsed;
  return plain.toString();
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Azure's wire server: in a public block, but answered by the host of the virtual machine, with its secrets. */
const hostServices = new Set(['168.63.129.16']);

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !hostServices.has(address.toString());
}

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : undefined;
}

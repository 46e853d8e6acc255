import { networkInterfaces } from 'node:os';
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
  return inner ? isPublicIpv4(inner) : parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
};

/**
 * `policy`, less the addresses of this machine itself. A machine with a public address reaches it from within, where no
 * firewall stands between: a caller could so read the ports that are shut to the outside, this service's own among
 * them. Asked anew each time, since addresses come and go while the server runs.
 */
export function exceptOwnAddresses(policy: AddressPolicy, ownAddresses = machineAddresses): AddressPolicy {
  return (address) => {
    if (!policy(address)) return false;
    const wanted = canonicalAddress(address);
    return !ownAddresses().some((own) => canonicalAddress(own) === wanted);
  };
}

/**
 * The ports that the Fetch standard blocks (https://fetch.spec.whatwg.org/#port-blocking), of services that can be made
 * to act on a line of an HTTP request: mail, name, file and chat servers. No image is served from there; without this a
 * caller could have the server knock at them, under the server's name, anywhere on the internet.
 */
const BLOCKED_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Whether an image may come from the port of this address; every other port may be an honest host's. */
export function mayUsePort(url: URL): boolean {
  return url.port === '' || !BLOCKED_PORTS.has(Number(url.port));
}

/**
 * One spelling for each address, so that two can be compared: an IPv4 address inside IPv6 as that IPv4 address, IPv6
 * shortened, without a zone; undefined for what is no address.
 */
function canonicalAddress(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const plain = parsed instanceof ipaddr.IPv6 ? (embeddedIpv4(parsed) ?? new ipaddr.IPv6(parsed.parts)) : parsed;
  return plain.toString();
}

function machineAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) => entries.map((entry) => entry.address));
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Azure's wire server: in a public block, but answered by the host of the virtual machine, with its secrets. */
const HOST_SERVICES = new Set(['168.63.129.16']);

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !HOST_SERVICES.has(address.toString());
}

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(NAT64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : undefined;
}

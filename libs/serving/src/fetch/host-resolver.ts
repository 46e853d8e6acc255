import { lookup, Resolver } from 'node:dns/promises';

/** All IP addresses of a host name. Rejects, or gives none, when the name has none. */
export type HostResolver = (hostname: string) => Promise<readonly string[]>;

/** How often one name server is asked: UDP loses a packet now and then. */
export const dnsTries = 2;

/**
 * Asks the DNS servers straight (c-ares), past the hosts file, which has no public hosts to offer. The usual way,
 * getaddrinfo, takes a thread of a small pool for as long as a name server likes: a few slow ones would hold up the
 * look-ups of everybody, and the file reads too. IPv4 comes first, since containers often have nothing else.
 * A family that fails leaves the other one. `tryMs` is for one of the `dnsTries` tries at one server; `servers`
 * (`address:port`) replace those the machine is set up with.
 */
export function dnsResolver(tryMs: number, servers?: readonly string[]): HostResolver {
  const resolver = new Resolver({ timeout: tryMs, tries: dnsTries });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

/** As the machine itself resolves names: hosts file and search domains included. For private networks. */
export const machineResolver: HostResolver = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map((entry) => entry.address);
};

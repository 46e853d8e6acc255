import { lookup, Resolver } from 'node:dns/promises';

/** All IP addresses of a host name. Rejects, or gives none, when the name has none. */
export type HostResolver = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks the DNS servers straight (c-ares), past the hosts file, which has no public hosts to offer. The usual way,
 * getaddrinfo, takes a thread of a small pool for as long as a name server likes: a few slow ones would hold up the
 * look-ups of everybody, and the file reads too. IPv4 comes first, since containers often have nothing else.
 * `timeoutMs` is for one try at one server; there are two tries.
 */
export function dnsResolver(timeoutMs: number): HostResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
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

import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { addressRefused, fetchFailed, shownHost } from './fetch-error.js';
import type { HostResolver } from './host-resolver.js';

export interface GuardOptions {
  readonly mayConnect: AddressPolicy;
  readonly resolveHost: HostResolver;
  /** Milliseconds until a connection stands, the look-up of the name and the TLS handshake included. */
  readonly timeoutMs: number;
}

/**
 * Opens undici's sockets, and only to allowed addresses. A name is resolved once, here, and the socket gets the very
 * addresses that were checked, so a name that answers differently the next time (DNS rebinding) gains nothing. One
 * refused address among several refuses the name: an honest host has none. HTTP/2 stays off: nothing here needs it, and
 * its frames are one more thing for a hostile server to play with.
 */
export function guardedConnector(options: GuardOptions): buildConnector.connector {
  const connect = buildConnector({ timeout: options.timeoutMs, allowH2: false, lookup: guardedLookup(options) });
  return (target, callback) => {
    const literal = target.hostname.replace(/^\[|\]$/g, '');
    // Node never looks up what is an address already, so that case is checked here.
    if (isIP(literal) !== 0 && !options.mayConnect(literal)) {
      callback(addressRefused(literal, `refused address ${literal}`), null);
      return;
    }
    connect(target, callback);
  };
}

function guardedLookup({ mayConnect, resolveHost }: GuardOptions): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    checkedAddresses(hostname, resolveHost, mayConnect).then(
      ([first, ...others]) => {
        if (lookupOptions.all) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}

async function checkedAddresses(
  hostname: string,
  resolveHost: HostResolver,
  mayConnect: AddressPolicy,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await resolveHost(hostname);
  const refused = addresses.find((address) => !mayConnect(address));
  if (refused !== undefined) throw addressRefused(hostname, `${hostname} resolves to refused address ${refused}`);
  const [first, ...others] = addresses.map((address) => ({ address, family: isIP(address) }));
  if (first) return [first, ...others];
  throw fetchFailed(
    'unknown_host',
    `The name ${shownHost(hostname)} of the image's host is not known. Check the URL.`,
    {
      internal: `no address: ${hostname}`,
    },
  );
}

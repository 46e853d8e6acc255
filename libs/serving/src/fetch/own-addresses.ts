import { networkInterfaces } from 'node:os';
import { canonicalAddress, type AddressPolicy } from './address-policy.js';

/**
 * `policy`, less the addresses of this machine itself. A machine with a public address reaches it from within, where no
 * firewall stands between: a caller could so read the ports that are shut to the outside, this service's own among them.
 * Asked anew each time, since addresses come and go while the server runs.
 */
export function exceptOwnAddresses(policy: AddressPolicy, ownAddresses = machineAddresses): AddressPolicy {
  return (address) => {
    if (!policy(address)) return false;
    const wanted = canonicalAddress(address);
    return !ownAddresses().some((own) => canonicalAddress(own) === wanted);
  };
}

function machineAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) => entries.map((entry) => entry.address));
}

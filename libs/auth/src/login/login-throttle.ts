import ipaddr from 'ipaddr.js';
import { DomainError, type Clock } from '#core';
import { FailureBuckets } from './failure-buckets.js';
import { sha256 } from '../secrets/secrets.js';

export interface LoginSource {
  readonly email: string;
  /** The caller's address. */
  readonly from: string;
  /** The device that a genuine cookie names for this account. */
  readonly device?: string | undefined;
}

/**
 * One try at a password. It counts as a failure until it says otherwise, so that parallel tries cannot slip through.
 */
export interface LoginAttempt {
  /** The password was right. */
  succeeded(): void;
  /** Runs `check`; a check that throws was no guess and is not counted. */
  watch<T>(check: () => Promise<T>): Promise<T>;
}

/**
 * Slows password guessing: after some failures each further one doubles the wait, from 1 s to 15 min. It counts per
 * source address and per account *and* address, never per account alone, so that nobody can lock another person out. It
 * counts a browser that has logged in before (device cookie) by itself, so that this one gets in even while its address
 * or its account is under attack
 * (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). The counts are in the memory
 * of each process: several processes allow proportionally more guesses.
 */
export class LoginThrottle {
  private readonly buckets: FailureBuckets;

  constructor({ clock, entriesMax = 20_000 }: { readonly clock: Clock; readonly entriesMax?: number }) {
    this.buckets = new FailureBuckets(clock, entriesMax);
  }

  /** @throws DomainError `rate_limited` with a retry time while this source has to wait; refused tries do not count */
  begin(source: LoginSource): LoginAttempt {
    const keys = keysOf(source);
    const waitMs = Math.max(...keys.map(({ key }) => this.buckets.waitMs(key)));
    if (waitMs > 0) throw tooMany(waitMs);
    const counted = keys.map(({ key, freeFailures }) => ({ key, ...this.buckets.count(key, freeFailures) }));
    const uncount = (): void => counted.forEach(({ undo }) => undo());
    return {
      succeeded: () => {
        uncount();
        for (const { key, isPersonal } of keys) if (isPersonal) this.buckets.forget(key);
      },
      watch: async (check) => {
        try {
          return await check();
        } catch (err) {
          uncount();
          throw err;
        }
      },
    };
  }
}

interface Key {
  key: string;
  /** Failures before the first wait. */
  freeFailures: number;
  /** Whether a success clears it: one person's log-in must not clear the failures of a whole address. */
  isPersonal: boolean;
}

/** Failures before the first wait: an address may be a whole office; one person mistypes a few times. */
const FREE_OF_ADDRESS = 20;
const FREE_OF_PERSON = 5;
const FREE_OF_DEVICE = 10;

function keysOf({ email, from, device }: LoginSource): Key[] {
  if (device !== undefined) return [{ key: `device:${device}`, freeFailures: FREE_OF_DEVICE, isPersonal: true }];
  const prefix = sourcePrefix(from);
  return [
    { key: `address:${prefix}`, freeFailures: FREE_OF_ADDRESS, isPersonal: false },
    { key: `person:${sha256(email)}:${prefix}`, freeFailures: FREE_OF_PERSON, isPersonal: true },
  ];
}

/**
 * The key by which an address is counted: an IPv4 address itself, the /64 of an IPv6 address, since every host can
 * choose from a whole /64 (RFC 6177). A text that is no address is its own key.
 */
export function sourcePrefix(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 100);
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

function tooMany(waitMs: number): DomainError {
  const seconds = Math.ceil(waitMs / 1000);
  return new DomainError('rate_limited', `Too many failed log-ins from this address. Try again in ${seconds} s.`, {
    retryAfterMs: Math.ceil(waitMs),
  });
}

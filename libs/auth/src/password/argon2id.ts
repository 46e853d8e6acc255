import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What a password hash costs. Every hash stores it, so that raising it does not break older hashes. */
export interface Argon2Cost {
  /** Memory of one hash, in KiB (RFC 9106 `m`). */
  readonly memoryKiB: number;
  /** Passes over that memory (`t`). */
  readonly passes: number;
  /** Lanes (`p`). */
  readonly lanes: number;
}

/**
 * 46 MiB and two passes: above both minimums that OWASP names for argon2id (46 MiB once, 19 MiB twice;
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html), some 0.1 s of one core.
 */
export const STRONG_COST: Argon2Cost = { memoryKiB: 47_104, passes: 2, lanes: 1 };

/** A fresh argon2id hash of `message` as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashArgon2id(message: string, cost: Argon2Cost): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(message, salt, cost, HASH_BYTES);
  const { memoryKiB, passes, lanes } = cost;
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
}

/**
 * Whether `message` is what `phc` was made from; compared in constant time.
 *
 * @throws Error when `phc` is no argon2id string of ours: the database was changed by hand
 */
export async function verifyArgon2id(phc: string, message: string): Promise<boolean> {
  const { cost, salt, hash } = parse(phc);
  return timingSafeEqual(await derive(message, salt, cost, hash.length), hash);
}

/** Whether `phc` cost less than `cost` in any respect, and should be made anew while the password is at hand. */
export function isWeaker(phc: string, cost: Argon2Cost): boolean {
  const stored = parse(phc).cost;
  return stored.memoryKiB < cost.memoryKiB || stored.passes < cost.passes || stored.lanes < cost.lanes;
}

/** RFC 9106, section 3.1: 16 bytes of salt are enough for passwords; 32 bytes of tag are what its examples use. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The most that a stored hash may ask for; more would be an attack by somebody who can write the database. */
const MEMORY_KIB_MAX = 1_048_576;
const PASSES_MAX = 64;
const LANES_MAX = 16;

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Parsed {
  cost: Argon2Cost;
  salt: Buffer;
  hash: Buffer;
}

function parse(phc: string): Parsed {
  const [, memory, passes, lanes, salt, hash] = PHC.exec(phc) ?? [];
  const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const isInRange = cost.memoryKiB <= MEMORY_KIB_MAX && cost.passes <= PASSES_MAX && cost.lanes <= LANES_MAX;
  if (salt === undefined || hash === undefined || !isInRange) throw new Error('A stored password hash is malformed.');
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

const argon2Async = promisify(argon2);

function derive(message: string, salt: Buffer, cost: Argon2Cost, tagLength: number): Promise<Buffer> {
  const { memoryKiB: memory, passes, lanes: parallelism } = cost;
  return argon2Async('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength });
}

/** The PHC string format has no padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

import { randomBytes as randomBytesOfSystem } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sha256 } from '../secrets/secrets.js';

/** What every token begins with: scanners for leaked secrets look for it, and people see what they hold. */
export const TOKEN_PREFIX = 'cas_pat_';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOOKUP_LENGTH = 12;
/** 30 · log₂ 62 = 178.6 bits. */
const SECRET_LENGTH = 30;
/** 62⁶ > 2³², so every CRC-32 fits. */
const CHECKSUM_LENGTH = 6;
const LOOKUP_END = TOKEN_PREFIX.length + LOOKUP_LENGTH;
const CHECKSUM_START = LOOKUP_END + SECRET_LENGTH;
const TOKEN_LENGTH = CHECKSUM_START + CHECKSUM_LENGTH;
const WELL_FORMED = new RegExp(`^${TOKEN_PREFIX}[${ALPHABET}]{${TOKEN_LENGTH - TOKEN_PREFIX.length}}$`);
/** The largest multiple of 62 in a byte: bytes from here on are thrown away, or some characters came more often. */
const UNBIASED_BELOW = 248;

/** A token as it is looked up and compared; the secret itself is never kept. */
export interface ParsedToken {
  readonly lookup: string;
  /** Lower-case hexadecimal. A plain hash is enough for a secret of 178 random bits: nobody can try them all. */
  readonly secretSha256: string;
}

/** A new token with the text to show once. */
export interface MintedToken extends ParsedToken {
  readonly token: string;
}

/** `count` random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

/**
 * A new token: prefix, 12 characters to find it by, 30 secret ones, and a CRC-32 of all that in 6, in base 62 without
 * separators. A double click selects it whole, and the checksum tells a mistyped or made-up one without a database
 * (the idea of https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/).
 */
export function mintToken(randomBytes: RandomBytes = randomBytesOfSystem): MintedToken {
  return mintSecret(randomText(LOOKUP_LENGTH, randomBytes), randomBytes);
}

/** A new secret for the token that is found by `lookup`. */
export function mintSecret(lookup: string, randomBytes: RandomBytes = randomBytesOfSystem): MintedToken {
  const secret = randomText(SECRET_LENGTH, randomBytes);
  const body = `${TOKEN_PREFIX}${lookup}${secret}`;
  return { token: body + checksum(body), lookup, secretSha256: sha256(secret) };
}

/** `undefined` for what cannot be a token of ours, told from the text alone: length, alphabet, checksum. */
export function parseToken(text: string): ParsedToken | undefined {
  if (text.length !== TOKEN_LENGTH || !WELL_FORMED.test(text)) return undefined;
  if (checksum(text.slice(0, CHECKSUM_START)) !== text.slice(CHECKSUM_START)) return undefined;
  return {
    lookup: text.slice(TOKEN_PREFIX.length, LOOKUP_END),
    secretSha256: sha256(text.slice(LOOKUP_END, CHECKSUM_START)),
  };
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit++) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}

function randomText(length: number, randomBytes: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < UNBIASED_BELOW) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}

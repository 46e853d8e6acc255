import { createHmac } from 'node:crypto';
import { equalsInConstantTime, newSecret, sha256 } from '../secrets/secrets.js';

/** How long a browser stays known, in milliseconds: the cookie's Max-Age. */
export const DEVICE_COOKIE_MS_MAX = 180 * 24 * 3_600_000;

/**
 * The value of a long-lived http-only cookie by which a browser is known that has logged in to this account before. It
 * grants more tries and nothing else. Its signing key follows from the stored password hash: every process can check
 * it, nothing more is stored, and a new password ends it.
 */
export function deviceCookieOf(account: { readonly id: string; readonly passwordHash: string }): string {
  const device = newSecret();
  return `${device}.${sign(account, device)}`;
}

/** The device that the cookie names when it is genuine for this account; else undefined. */
export function deviceOf(
  cookie: string | undefined,
  account: { readonly id: string; readonly passwordHash: string | null } | null,
): string | undefined {
  const [, device, signature] = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/.exec(cookie ?? '') ?? [];
  if (device === undefined || signature === undefined || account === null) return undefined;
  const { id, passwordHash } = account;
  if (passwordHash === null) return undefined;
  return equalsInConstantTime(signature, sign({ id, passwordHash }, device)) ? device : undefined;
}

function sign({ id, passwordHash }: { id: string; passwordHash: string }, device: string): string {
  const key = sha256(`device-cookie:${passwordHash}`);
  return createHmac('sha256', key).update(`${id}.${device}`).digest('base64url');
}

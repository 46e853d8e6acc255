import { z } from 'zod';
import { parseJson } from '#core';
import { refusedByProvider } from './oidc-failures.js';

/** How long a log-in at the provider may take: the Max-Age of the cookie, in milliseconds. */
export const SIGN_ON_MS_MAX = 10 * 60_000;

const keptSignOn = z.object({
  state: z.string(),
  nonce: z.string(),
  /** PKCE's code verifier. */
  verifier: z.string(),
  redirectUrl: z.string().refine((url) => URL.canParse(url)),
  /** Milliseconds since 1970. */
  startedAtMs: z.number(),
});

/** What ties the browser that comes back to the one that was sent. */
export type KeptSignOn = Readonly<z.output<typeof keptSignOn>>;

/** Writes it as one cookie value. Unsigned: it is the browser's own secret, and it says nothing about a person. */
export function encodeKept(kept: KeptSignOn): string {
  return Buffer.from(JSON.stringify(kept)).toString('base64url');
}

/** @throws DomainError `permission_denied` when it is missing, malformed or too old */
export function decodeKept(value: string | undefined, nowMs: number): KeptSignOn {
  const text = Buffer.from(value ?? '', 'base64url').toString();
  const kept = keptSignOn.safeParse(parseJson(text)).data;
  if (kept === undefined) throw refusedByProvider('the cookie of the sign-on is missing or malformed');
  if (nowMs - kept.startedAtMs >= SIGN_ON_MS_MAX) throw refusedByProvider('the sign-on took too long');
  return kept;
}

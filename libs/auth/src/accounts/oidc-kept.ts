import { refusedByProvider } from './oidc-failures.js';

/** How long a log-in at the provider may take: the Max-Age of the cookie, in milliseconds. */
export const SIGN_ON_MS_MAX = 10 * 60_000;

/** What ties the browser that comes back to the one that was sent. */
export interface KeptSignOn {
  readonly state: string;
  readonly nonce: string;
  /** PKCE's code verifier. */
  readonly verifier: string;
  readonly redirectUrl: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
}

/** As one cookie value. Not signed: it is the browser's own secret, and nothing in it is believed about a person. */
export function encodeKept(kept: KeptSignOn): string {
  return Buffer.from(JSON.stringify(kept)).toString('base64url');
}

/** @throws DomainError `permission_denied` when it is missing, malformed or too old */
export function decodeKept(value: string | undefined, nowMs: number): KeptSignOn {
  const kept = value === undefined ? undefined : parse(value);
  if (kept === undefined) throw refusedByProvider('the cookie of the sign-on is missing or malformed');
  if (nowMs - kept.startedAtMs >= SIGN_ON_MS_MAX) throw refusedByProvider('the sign-on took too long');
  return kept;
}

function parse(value: string): KeptSignOn | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(value, 'base64url').toString());
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { state, nonce, verifier, redirectUrl, startedAtMs }: Partial<Record<keyof KeptSignOn, unknown>> = parsed;
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return undefined;
    if (typeof redirectUrl !== 'string' || !URL.canParse(redirectUrl) || !Number.isFinite(startedAtMs))
      return undefined;
    return { state, nonce, verifier, redirectUrl, startedAtMs: Number(startedAtMs) };
  } catch {
    return undefined;
  }
}

import { DomainError } from '#core';

/** A failure that may not happen again: a cut connection, a stall, 429, 5xx, a wrong digest. Never leaves this lib. */
export class PassingFault extends Error {
  /** Whether the attempt made progress, so that attempts are counted anew. */
  readonly progressed: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, { progressed = false, retryAfterMs, cause }: PassingFaultDetails = {}) {
    super(reason, { cause });
    this.name = 'PassingFault';
    this.progressed = progressed;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface PassingFaultDetails {
  readonly progressed?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Which host answered, and whether it was asked with a token. */
export interface Asked {
  /** Name and port. */
  readonly host: string;
  /** False for a host that the hub redirects to. */
  readonly isHub: boolean;
  readonly hasToken: boolean;
}

/** Maps a status that is neither success nor redirect to a PassingFault or to the final DomainError. */
export function statusFault(
  status: number,
  what: string,
  headers: Readonly<Record<string, unknown>>,
  { host, isHub, hasToken }: Asked,
): Error {
  const [errorCode, errorMessage] = [text(headers['x-error-code']), text(headers['x-error-message'])];
  const internal = `${host}: ${what}: HTTP ${status} ${errorCode} ${errorMessage}`;
  if (status === 429 || status === 408 || status >= 500) {
    return new PassingFault(`${host} answered ${status}`, { retryAfterMs: retryAfterMs(headers) });
  }
  const refused = (publicText: string) => new DomainError('permission_denied', publicText, { internal });
  if (errorCode === 'GatedRepo') return refused(GATED);
  if (isHub && status === 401) return refused(hasToken && isOfToken(errorCode, errorMessage) ? BAD_TOKEN : PRIVATE);
  if (isHub && status === 403) return refused(GATED);
  if (status === 404) return new DomainError('not_found', `The hub has no ${what}.`, { internal });
  const refusal = isHub
    ? `The hub refused ${what} (HTTP ${status}).`
    : `The hub sends for ${what} to ${host}, which was refused (HTTP ${status}). A firewall or proxy may have to let it through.`;
  return new DomainError('unavailable', refusal, { internal });
}

/** The hub refuses any request with a token that it does not know, also for public models. Mirrors give no reason. */
function isOfToken(errorCode: string, errorMessage: string): boolean {
  return errorCode === '' && (errorMessage === '' || /invalid credentials/i.test(errorMessage));
}

const GATED =
  'The hub gives this model only to accounts that accepted its terms. Accept them on its page, and set CAS_HUB_TOKEN to a token of that account.';
const PRIVATE =
  'The hub does not have this model, or keeps it private. Check its name, and set CAS_HUB_TOKEN if it is private.';
const BAD_TOKEN =
  'The hub refuses CAS_HUB_TOKEN: it is wrong, or no longer valid. Set another one, or none: only gated and private models need it.';

/**
 * Reads `Retry-After` in seconds (dates are ignored), else the rest of the window whose quota is used up: Hugging Face
 * sends `RateLimit: "api";r=0;t=55`.
 */
function retryAfterMs(headers: Readonly<Record<string, unknown>>): number | undefined {
  const after = /^\d{1,6}$/.exec(text(headers['retry-after']))?.[0];
  if (after !== undefined) return Number(after) * 1000;
  const left = /;\s*t=(\d{1,6})\b/.exec(text(headers['ratelimit']))?.[1];
  // One second more, since the figure is rounded.
  return left === undefined ? undefined : (Number(left) + 1) * 1000;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Node's and OpenSSL's codes of certificates that fail. Another attempt would meet the same certificate. */
const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const CAUSES_MAX = 5;

/**
 * Maps the error of a request that got no answer: to the final DomainError `unavailable` for a certificate that is not
 * trusted and for a proxy that wants a login, else to a PassingFault that names the reason.
 */
export function reachFault(cause: unknown, host: string): Error {
  const chain = causesOf(cause);
  const codes = chain.flatMap((error) => ('code' in error && typeof error.code === 'string' ? [error.code] : []));
  const untrusted = codes.find((code) => CERTIFICATE_CODES.has(code));
  if (untrusted !== undefined) {
    return final(
      `The certificate of ${host} is not trusted (${untrusted}). Where the network's own proxy opens TLS, set ` +
        'NODE_EXTRA_CA_CERTS to the file with its certificate.',
      cause,
    );
  }
  const proxyStatus = chain.map(({ message }) => proxyStatusIn(message)).find((status) => status !== undefined);
  if (proxyStatus === '407') {
    return final(
      `The proxy does not let this host through to ${host} without a login (HTTP 407). Put it into HTTPS_PROXY and HTTP_PROXY: ` +
        'http://user:password@proxy:port.',
      cause,
    );
  }
  const reason = proxyStatus === undefined ? (codes[0] ?? chain[0]?.name) : `the proxy answered ${proxyStatus}`;
  return new PassingFault(`${host} could not be reached${reason === undefined ? '' : ` (${reason})`}`, { cause });
}

/** undici tells the status of a proxy's answer in the message only. */
function proxyStatusIn(message: string): string | undefined {
  return (
    /^Proxy response \((\d{3})\)/.exec(message)?.[1] ?? /^Proxy Authentication Required \((407)\)/.exec(message)?.[1]
  );
}

function causesOf(cause: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = cause; at instanceof Error && chain.length < CAUSES_MAX; at = at.cause) chain.push(at);
  return chain;
}

function final(publicText: string, cause: unknown): DomainError {
  return new DomainError('unavailable', publicText, { internal: String(cause), cause });
}

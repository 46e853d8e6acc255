import { DomainError } from '#core';
import { PassingFault } from './hub-errors.js';

/** Node's and OpenSSL's names for certificates that fail; another attempt would meet the same one. */
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
 * What it means that `host` gave no answer: a PassingFault that names the reason, or the final DomainError `unavailable` for a
 * certificate that is not trusted and a proxy that wants a login.
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

/** undici tells what a proxy answered in words only. */
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

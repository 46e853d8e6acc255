import { X509Certificate } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import { DomainError } from '#core';

/** A call of the inference API. */
export interface InferenceCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly headers: OutgoingHttpHeaders;
  /** Sent as it comes; undefined for none. */
  readonly body?: Readable;
  /** Cuts the connection, also while the answer is read. */
  readonly signal: AbortSignal;
}

/**
 * Sends a call and resolves with the answer, whatever its status, once its head is there. The body goes through and is
 * held nowhere. With `certificate` the token is sent only to the server that shows exactly this one.
 *
 * @throws DomainError `unavailable` when nobody answers, or another server; the reason of `signal` once that aborts
 */
export function callInference(
  target: { readonly url: string; readonly certificate?: string },
  { method, path, token, headers, body, signal }: InferenceCall,
): Promise<IncomingMessage> {
  const url = new URL(target.url + path);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (err: unknown): void => reject(signal.aborted ? DomainError.from(signal.reason) : unreachable(err));
    const req = send(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      signal,
      agent: false,
      ...trusting(target.certificate),
    });
    req.once('response', (answer) => {
      answer.on('error', () => undefined); // whoever reads the answer hears of it
      resolve(answer);
    });
    req.on('error', fail);
    if (body === undefined) req.end();
    else {
      const end = (err: unknown): void => {
        reject(DomainError.from(err));
        req.destroy();
      };
      if (body.errored) end(body.errored);
      body.once('error', end).pipe(req);
    }
  });
}

/** Trusts the bytes of one certificate, whoever signed it and whatever name it has. */
function trusting(certificate: string | undefined): RequestOptions {
  if (certificate === undefined) return {};
  const own = new X509Certificate(certificate).raw;
  return {
    ca: certificate,
    allowPartialTrustChain: true,
    checkServerIdentity: (_, { raw }) => (own.equals(raw) ? undefined : new Error('another certificate was shown')),
  };
}

function unreachable(err: unknown): DomainError {
  const reason = err instanceof Error ? ('code' in err ? String(err.code) : err.message) : String(err);
  return new DomainError(
    'unavailable',
    'The inference API cannot be reached by the admin API. Look whether it runs, and at CAS_INFERENCE_URL.',
    { internal: `the inference API cannot be reached: ${reason}` },
  );
}

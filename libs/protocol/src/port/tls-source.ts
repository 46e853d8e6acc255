import type { Server, TlsOptions } from 'node:tls';

/** PEM texts of one moment that fit together. */
export interface TlsMaterial {
  /** The certificate, then its chain. */
  readonly cert: string;
  readonly key: string;
  /** Authorities; where given, only clients with a certificate of theirs get in (mutual TLS). */
  readonly clientCa?: string;
}

/**
 * Where a listener has its certificate from. Certificates are renewed while the process runs, so it is a source and not
 * a value; whether clients need a certificate is settled by the first material.
 */
export interface TlsSource {
  /** What new connections get now. */
  readonly material: TlsMaterial;
  /** Calls `listener` with every later material; the answer ends that. */
  onChange(listener: (material: TlsMaterial) => void): () => void;
}

/**
 * What node:tls needs to serve `material`: TLS 1.2 or newer, and a client certificate where there are authorities for
 * it.
 */
export function tlsOptions(material: TlsMaterial): TlsOptions {
  const { cert, key, clientCa } = material;
  const own = { cert, key, minVersion: 'TLSv1.2' } as const;
  return clientCa === undefined ? own : { ...own, ca: clientCa, requestCert: true, rejectUnauthorized: true };
}

/**
 * Gives `server` every later material of `source` until it closes. Connections that are up go on with what they have;
 * old TLS sessions are not resumed, so a client that was let in by an authority which is gone has to prove itself at
 * its next connection.
 */
export function followTls(server: Server, source: TlsSource): void {
  const leave = source.onChange((material) => server.setSecureContext(tlsOptions(material)));
  server.once('close', leave);
}

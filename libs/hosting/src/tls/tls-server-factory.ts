import type { RequestListener, Server } from 'node:http';
import https from 'node:https';
import type { TlsFiles } from './tls-files.js';
import type { TlsMaterial } from './tls-material.js';

/** Where a listener's certificate comes from. */
export type Certificates = Pick<TlsFiles, 'material' | 'onChange'>;

/**
 * Fastify's `serverFactory` for a listener that speaks HTTPS with `certificates` and takes up renewals while it runs:
 * for the admin and the ops port. It asks clients for no certificate, since browsers and probes have none; only the
 * inference port does.
 */
export function tlsServerFactory(certificates: Certificates): (handler: RequestListener) => Server {
  return (handler) => {
    const server = https.createServer({ ...optionsOf(certificates.material), ...TIMEOUTS }, handler);
    server.once(
      'close',
      certificates.onChange((material) => server.setSecureContext(optionsOf(material))),
    );
    return server;
  };
}

/** Time limits of a handshake, of the headers and of a whole request, after which a silent client is cut off. */
const TIMEOUTS = { handshakeTimeout: 10_000, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 };

function optionsOf({ cert, key }: TlsMaterial) {
  return { cert, key, minVersion: 'TLSv1.2' } as const;
}

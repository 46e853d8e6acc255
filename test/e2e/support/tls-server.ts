import { afterAll, beforeAll } from 'vitest';
import { makeServerCertificate, type ServerCertificate } from '../../support/certificates.js';
import { startServer, type RunningServer } from '../../support/server.js';

/** A server under TLS and what its clients have to trust. */
export interface TlsServer {
  readonly server: RunningServer;
  readonly certificate: ServerCertificate;
}

/** One for all tests of the file or `describe` that calls this; it is there when the first of them runs. */
export function useTlsServer(): TlsServer {
  const started: { server?: RunningServer; certificate?: ServerCertificate } = {};
  beforeAll(async () => {
    started.certificate = makeServerCertificate();
    started.server = await startServer({ tls: started.certificate });
  });
  afterAll(async () => {
    await started.server?.stop();
    started.certificate?.remove();
  });
  return started as TlsServer;
}

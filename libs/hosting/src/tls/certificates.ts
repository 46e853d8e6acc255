import type { Settings } from '#config';
import { systemClock } from '#core';
import type { Log } from '#telemetry';
import { Terminal } from './terminal.js';
import { TlsFiles } from './index.js';

/**
 * The certificate that the settings name, watched from now on; SIGHUP looks at once, unless
 * it comes of the terminal being closed: that stops the service as SIGTERM does. Undefined without TLS. What goes wrong with a
 * renewal is logged and the old certificate stays. Throws SettingsError when the files cannot be used now.
 */
export function watchCertificates(settings: Settings, log: Log): TlsFiles | undefined {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa } = settings;
  if (cert === undefined || key === undefined) return undefined;
  const tls = new TlsFiles(
    { cert, key, clientCa },
    {
      clock: systemClock,
      onProblem: ({ message }) =>
        log.error({ problem: message }, 'the new certificate cannot be used; the old one stays'),
      onExpiring: (notAfterMs) =>
        log.warn(
          { notAfter: new Date(notAfterMs).toISOString() },
          'the certificate ends soon; put a new one in its place',
        ),
    },
  );
  tls.onChange(() => log.info({ notAfter: new Date(tls.notAfterMs).toISOString() }, 'new certificate in use'));
  tls.start();
  const terminal = new Terminal();
  process.on('SIGHUP', () => {
    if (terminal.isClosed()) process.kill(process.pid, 'SIGTERM');
    else if (tls.look() === 'unchanged') log.info('SIGHUP: the certificate has not changed');
  });
  return tls;
}

import { isatty } from 'node:tty';
import type { Settings } from '#config';
import { systemClock } from '#core';
import type { Log } from '#telemetry';
import { TlsFiles } from './tls-files.js';

/**
 * The certificate that the settings name, watched from now on; undefined without TLS. SIGHUP reads the files at once,
 * unless a closed terminal sent it: that stops the service as SIGTERM does. A renewal that fails is logged, and the old
 * certificate stays. Throws SettingsError when the files cannot be used now.
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
    else if (tls.reread() === 'unchanged') log.info('SIGHUP: the certificate has not changed');
  });
  return tls;
}

/** The terminal that a process was started in, if any. */
export class Terminal {
  private readonly descriptors: readonly number[];

  constructor(private readonly isTerminal: (descriptor: number) => boolean = isatty) {
    this.descriptors = [0, 1, 2].filter(isTerminal);
  }

  /**
   * Whether it was closed since: what was a terminal is none any more. Tells its SIGHUP from one that somebody sent on
   * purpose.
   */
  isClosed(): boolean {
    return this.descriptors.some((descriptor) => !this.isTerminal(descriptor));
  }
}

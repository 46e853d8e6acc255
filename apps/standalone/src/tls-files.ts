import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Settings, SettingsError } from '#config';

/**
 * Certificate and key as PEM texts, tried together; undefined when TLS is not set up. Throws SettingsError when a file cannot
 * be read, is no PEM, or the two do not belong together.
 */
export function readTlsFiles({ tlsCert, tlsKey }: Settings): { cert: string; key: string } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const files = { cert: read('CAS_TLS_CERT', tlsCert), key: read('CAS_TLS_KEY', tlsKey) };
  try {
    createSecureContext(files);
    return files;
  } catch (err) {
    // OpenSSL's texts end in the reason: "error:05800074:x509 certificate routines::key values mismatch".
    const reason = err instanceof Error ? err.message.replace(/^.*:/s, '') : String(err);
    throw new SettingsError([
      `CAS_TLS_CERT and CAS_TLS_KEY cannot be used together (${reason}): ${tlsCert}, ${tlsKey}`,
    ]);
  }
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? String(err.code) : 'unknown reason';
    throw new SettingsError([`${name}: ${file} cannot be read (${code}).`]);
  }
}

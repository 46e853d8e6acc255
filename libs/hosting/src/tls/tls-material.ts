import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SettingsError } from '#config';

/** The paths of the PEM files, as the settings have them. */
export interface TlsPaths {
  /** `CAS_TLS_CERT`: the certificate, then its chain. */
  readonly cert: string;
  /** `CAS_TLS_KEY` */
  readonly key: string;
  /** `CAS_TLS_CLIENT_CA`: the authorities of client certificates. */
  readonly clientCa?: string | undefined;
}

/** PEM texts that were tried together and fit. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

/** What stands in the files at one moment, not yet judged. */
export interface FilesNow {
  /** Equal exactly when every file has the same content, or cannot be read for the same reason. */
  readonly digest: string;
  /** The texts, when every file could be read. */
  readonly material?: TlsMaterial;
  /** One sentence per file that could not. */
  readonly problems: readonly string[];
}

/**
 * Reads all files anew. Never throws: a file that is missing while another takes its place is a state like any other.
 */
export function readTlsFiles(paths: TlsPaths): FilesNow {
  const cert = read('CAS_TLS_CERT', paths.cert);
  const key = read('CAS_TLS_KEY', paths.key);
  const clientCa = paths.clientCa === undefined ? undefined : read('CAS_TLS_CLIENT_CA', paths.clientCa);
  const all = [cert, key, ...(clientCa ? [clientCa] : [])];
  const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex');
  const problems = all.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { digest, problems };
  const material = { cert: cert.text, key: key.text, ...(clientCa ? { clientCa: clientCa.text } : {}) };
  return { digest, problems, material };
}

/**
 * The material of `files`, tried as a server would use it, and when its certificate ends. Throws SettingsError when a
 * file cannot be read, is no PEM or only a part of one, or when certificate and key do not belong together. No error
 * text holds content of a file.
 */
export function checkedMaterial(files: FilesNow, paths: TlsPaths): { material: TlsMaterial; notAfterMs: number } {
  const { material } = files;
  if (!material) throw new SettingsError(files.problems);
  const [own] = certificates('CAS_TLS_CERT', paths.cert, material.cert);
  if (material.clientCa !== undefined) certificates('CAS_TLS_CLIENT_CA', paths.clientCa ?? '', material.clientCa);
  try {
    createSecureContext({ cert: material.cert, key: material.key, ca: material.clientCa });
  } catch (err) {
    const files = `${paths.cert}, ${paths.key}`;
    throw new SettingsError([`CAS_TLS_CERT and CAS_TLS_KEY cannot be used together (${reasonOf(err)}): ${files}`]);
  }
  return { material, notAfterMs: own.validToDate.getTime() };
}

type Certificates = [X509Certificate, ...X509Certificate[]];

/** Parses certificates one by one: OpenSSL silently accepts a list that is empty or cut in the middle. */
function certificates(name: string, path: string, pem: string): Certificates {
  const whole = pem.match(/-----BEGIN ([A-Z ]*CERTIFICATE)-----[^]*?-----END \1-----/g) ?? [];
  const begun = pem.match(/-----BEGIN /g) ?? [];
  try {
    const [first, ...rest] = whole.map((text) => new X509Certificate(text));
    if (first && begun.length === whole.length) return [first, ...rest];
  } catch (err) {
    throw new SettingsError([`${name}: ${path} has a certificate that cannot be read (${reasonOf(err)}).`]);
  }
  throw new SettingsError([
    `${name}: ${path} does not hold a complete PEM certificate, or holds something else besides.`,
  ]);
}

/** OpenSSL's texts end in the reason: "error:05800074:x509 certificate routines::key values mismatch". */
function reasonOf(err: unknown): string {
  return err instanceof Error ? err.message.replace(/^.*:/s, '') : String(err);
}

function read(name: string, path: string): { text: string; problem?: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? String(err.code) : 'unknown reason';
    return { text: '', problem: `${name}: ${path} cannot be read (${code}).` };
  }
}

import type { InferenceTarget } from '#admin';
import type { Settings } from '#config';
import type { TlsFiles } from '../tls/tls-files.js';
import { localAddress } from './listen.js';

/**
 * Where the admin API of this process reaches the inference API: as set, or the port of the same process on this
 * machine, whose certificate is then known and needs no authority.
 */
export function inferenceTarget(
  { inferenceUrl, host, tlsClientCa }: Pick<Settings, 'inferenceUrl' | 'host' | 'tlsClientCa'>,
  tls: Pick<TlsFiles, 'material'> | undefined,
  port: number | undefined,
): InferenceTarget {
  if (inferenceUrl !== undefined) return { url: inferenceUrl };
  if (port === undefined) return { problem: NOT_SET };
  if (tlsClientCa !== undefined) return { problem: NEEDS_CERTIFICATE };
  const url = localAddress(tls !== undefined, host, port);
  return tls === undefined ? { url } : { url, certificate: tls.material.cert };
}

const NOT_SET =
  'The admin API runs in a process of its own and does not know where models are served. Set CAS_INFERENCE_URL to an address of the ' +
  'inference API that this process reaches, such as http://cas-server:51000, and start it again.';

const NEEDS_CERTIFICATE =
  'The inference API serves only clients with a certificate (CAS_TLS_CLIENT_CA), and the console has none. Set CAS_INFERENCE_URL to an ' +
  'address of the service that asks for no certificate, and start it again.';

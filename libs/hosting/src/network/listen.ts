import { isIPv6 } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SettingsError } from '#config';

/** An address to bind, and the names of the settings that chose it, for the text of a failure. */
export interface Binding {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

/**
 * Opens the port of `app`. Throws a SettingsError that says why when the address cannot be bound: the operator has to
 * change it.
 */
export async function listen(app: Pick<NestFastifyApplication, 'listen'>, binding: Binding): Promise<void> {
  try {
    await app.listen(binding.port, binding.host);
  } catch (err) {
    const problem = bindProblem(err, binding);
    if (problem === undefined) throw err;
    throw new SettingsError([problem]);
  }
}

/** Why an address cannot be bound, naming the setting to change; undefined for what is no fault of the address. */
export function bindProblem(err: unknown, { host, port, hostSetting, portSetting }: Binding): string | undefined {
  const code = typeof err === 'object' && err !== null && 'code' in err ? err.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `${portSetting}: port ${port} of ${host} is in use. Stop what listens there, or choose another (0 = any free one).`;
    case 'EACCES':
      return `${portSetting}: this user may not open port ${port} of ${host}. Choose one from 1024 up.`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT': // an IPv6 address on a machine without IPv6
    case 'EINVAL': // a link-local IPv6 address without its interface
    case 'ENOTFOUND':
      return `${hostSetting}: ${host} is not an address of this machine.`;
    default:
      return undefined;
  }
}

/** How this machine reaches a server that listens on `host`. */
export function localHost(host: string): string {
  if (host === '::') return '::1';
  return host === '0.0.0.0' ? '127.0.0.1' : host;
}

/** `http://127.0.0.1:51000`, where a browser on this machine finds it. */
export function localAddress(tls: boolean, host: string, port: number): string {
  return `${tls ? 'https' : 'http'}://${authority(localHost(host), port)}`;
}

/** Host and port as a URL has them. */
export function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

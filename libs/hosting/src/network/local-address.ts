import { isIPv6 } from 'node:net';

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

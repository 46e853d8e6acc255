import { accessSync, constants, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Settings } from './settings.js';

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What is wrong with values that are fine one by one. */
export function crossChecks(settings: Settings): string[] {
  return [...accessChecks(settings), ...tlsChecks(settings), ...limitChecks(settings), ...placeChecks(settings)];
}

function accessChecks({ auth, host }: Settings): string[] {
  if (auth === 'required') {
    return ['CAS_AUTH=required cannot be met: access tokens are not available in this version. Use auto or off'];
  }
  if (auth === 'off' || isLoopback(host)) return [];
  return [
    `CAS_HOST=${host} lets other machines call, and this version has no access tokens to ask them for. ` +
      'Listen on 127.0.0.1, or set CAS_AUTH=off to say that anyone who reaches the port may call',
  ];
}

function tlsChecks({ tlsCert, tlsKey }: Settings): string[] {
  if (tlsCert === undefined && tlsKey === undefined) return [];
  if (tlsCert === undefined) return ['CAS_TLS_KEY is set without CAS_TLS_CERT; TLS needs both'];
  if (tlsKey === undefined) return ['CAS_TLS_CERT is set without CAS_TLS_KEY; TLS needs both'];
  return [...readableFile('CAS_TLS_CERT', tlsCert), ...readableFile('CAS_TLS_KEY', tlsKey)];
}

function limitChecks(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.requestItemsMax > settings.queueItemsMax) {
    problems.push('CAS_REQUEST_ITEMS_MAX is over CAS_QUEUE_ITEMS_MAX: such a request could never be queued');
  }
  if (settings.requestBytesMax > settings.queueBytesMax) {
    problems.push('CAS_REQUEST_BYTES_MAX is over CAS_QUEUE_BYTES_MAX: such a request could never be queued');
  }
  return problems;
}

function placeChecks({ host, port, opsHost, opsPort, fileRoot }: Settings): string[] {
  const problems: string[] = [];
  if (port !== 0 && port === opsPort && (host === opsHost || !isLoopback(host) || !isLoopback(opsHost))) {
    problems.push(`CAS_PORT and CAS_OPS_PORT are both ${port}; they must differ`);
  }
  if (fileRoot !== undefined && statSync(fileRoot, { throwIfNoEntry: false })?.isDirectory() !== true) {
    problems.push(`CAS_FILE_ROOT is ${fileRoot}, which is no folder; it must be one that exists`);
  }
  return problems;
}

function readableFile(variable: string, file: string): string[] {
  try {
    if (!statSync(file).isFile()) return [`${variable} is ${file}, which is no file`];
    accessSync(file, constants.R_OK);
    return [];
  } catch {
    return [`${variable} is ${file}, which cannot be read; it must be a readable PEM file`];
  }
}

import { accessSync, constants, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { installationFolder } from '#core';
import type { Settings } from './settings.js';

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Problems of values that are fine one by one. */
export function crossChecks(settings: Settings): string[] {
  return [...signOnChecks(settings), ...tlsChecks(settings), ...limitChecks(settings), ...placeChecks(settings)];
}

/** Whether callers of the inference API must have an access token. */
export function requiresTokens({ auth, host }: Pick<Settings, 'auth' | 'host'>): boolean {
  return auth === 'required' || (auth === 'auto' && !isLoopback(host));
}

const MEBIBYTE = 1024 * 1024;

/** Most bytes of all requests under way: as set, or twice the largest request and at least 64 MiB. */
export function inFlightBytes({ inFlightBytesMax, requestBytesMax }: LimitSettings): number {
  return inFlightBytesMax ?? Math.max(64 * MEBIBYTE, 2 * requestBytesMax);
}

type LimitSettings = Pick<Settings, 'inFlightBytesMax' | 'requestBytesMax'>;

function signOnChecks({ oidcIssuer, oidcClientId, oidcClientSecret, oidcDomains }: Settings): string[] {
  if (oidcIssuer !== undefined && oidcClientId === undefined) {
    return ['CAS_OIDC_ISSUER is set without CAS_OIDC_CLIENT_ID; single sign-on needs both'];
  }
  const isStray = oidcClientId !== undefined || oidcClientSecret !== undefined || oidcDomains !== undefined;
  return oidcIssuer === undefined && isStray ? ['CAS_OIDC_* is set without CAS_OIDC_ISSUER'] : [];
}

function tlsChecks({ tlsCert, tlsKey, tlsClientCa, opsTls }: Settings): string[] {
  if (tlsCert === undefined && tlsKey === undefined) {
    const asked = [tlsClientCa === undefined ? [] : ['CAS_TLS_CLIENT_CA'], opsTls ? ['CAS_OPS_TLS'] : []].flat();
    return asked.map((variable) => `${variable} is set without CAS_TLS_CERT and CAS_TLS_KEY; TLS needs both`);
  }
  if (tlsCert === undefined) return ['CAS_TLS_KEY is set without CAS_TLS_CERT; TLS needs both'];
  if (tlsKey === undefined) return ['CAS_TLS_CERT is set without CAS_TLS_KEY; TLS needs both'];
  const files = [...readableFile('CAS_TLS_CERT', tlsCert), ...readableFile('CAS_TLS_KEY', tlsKey)];
  return tlsClientCa === undefined ? files : [...files, ...readableFile('CAS_TLS_CLIENT_CA', tlsClientCa)];
}

function limitChecks(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.requestItemsMax > settings.queueItemsMax) {
    problems.push('CAS_REQUEST_ITEMS_MAX is over CAS_QUEUE_ITEMS_MAX: such a request could never be queued');
  }
  if (settings.requestBytesMax > settings.queueBytesMax) {
    problems.push('CAS_REQUEST_BYTES_MAX is over CAS_QUEUE_BYTES_MAX: such a request could never be queued');
  }
  if (inFlightBytes(settings) < 2 * settings.requestBytesMax) {
    problems.push(
      'CAS_IN_FLIGHT_BYTES_MAX is under twice CAS_REQUEST_BYTES_MAX: large requests would wait for each other',
    );
  }
  return problems;
}

function placeChecks(settings: Settings): string[] {
  const { fileRoot, modelDir } = settings;
  const problems = portChecks(settings);
  if (fileRoot !== undefined && !isFolder(fileRoot)) problems.push(noFolder('CAS_FILE_ROOT', fileRoot));
  // An installation works without the embedded models, but a folder that somebody names must exist.
  const isNamed = modelDir !== join(installationFolder(), 'models');
  if (isNamed && !isFolder(modelDir)) problems.push(noFolder('CAS_MODEL_DIR', modelDir));
  return problems;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function noFolder(variable: string, path: string): string {
  return `${variable} is ${path}, which is not a folder; it must be one that exists`;
}

function portChecks({ host, port, opsHost, opsPort, adminHost, adminPort }: Settings): string[] {
  const listeners = [
    { variable: 'CAS_PORT', host, port },
    { variable: 'CAS_OPS_PORT', host: opsHost, port: opsPort },
    { variable: 'CAS_ADMIN_PORT', host: adminHost, port: adminPort },
  ];
  return listeners.flatMap((one, at) =>
    listeners
      .slice(at + 1)
      .filter((other) => one.port !== 0 && one.port === other.port && canMeet(one.host, other.host))
      .map((other) => `${one.variable} and ${other.variable} are both ${one.port}; they must differ`),
  );
}

/** Whether two listeners of these hosts could want the same address. */
function canMeet(one: string, other: string): boolean {
  return one === other || !isLoopback(one) || !isLoopback(other);
}

function readableFile(variable: string, file: string): string[] {
  try {
    if (!statSync(file).isFile()) return [`${variable} is ${file}, which is not a file`];
    accessSync(file, constants.R_OK);
    return [];
  } catch {
    return [`${variable} is ${file}, which cannot be read; it must be a readable PEM file`];
  }
}

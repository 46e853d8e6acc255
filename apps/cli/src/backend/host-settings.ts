import { isIPv6 } from 'node:net';
import { loadSettings, type Settings } from '#config';
import type { DatabaseOptions } from '#database';
import type { Surroundings } from '../surroundings.js';

/** The settings of the service that the command needs on the host. */
export type HostSettings = Pick<
  Settings,
  | 'databaseUrl'
  | 'dataDir'
  | 'adminUrl'
  | 'adminHost'
  | 'adminPort'
  | 'tlsCert'
  | 'modelDir'
  | 'hubUrl'
  | 'hubToken'
  | 'offline'
  | 'modelCacheBytesMax'
  | 'traceRetentionHours'
  | 'batchItemsMax'
  | 'replicaRssBytesMax'
>;

/** The command's own variables, which are no settings of the service. */
const OWN_VARIABLES = /^CAS_CLI_/;

/**
 * The settings that the service has when it is started in the same folder with the same environment.
 *
 * @throws SettingsError with every problem at once
 */
export function hostSettings({ env, cwd }: Pick<Surroundings, 'env' | 'cwd'>): HostSettings {
  return loadSettings([], serviceEnvironment(env), cwd);
}

/** The environment without the command's own variables. */
export function serviceEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OWN_VARIABLES.test(name)));
}

/** Where the database of these settings is. */
export function databaseOptions({ databaseUrl: url, dataDir }: HostSettings): DatabaseOptions {
  return url === undefined ? { dataDir } : { url, dataDir };
}

/** The address of the admin API for people: as the operator set it, else its port on this machine. */
export function adminAddress({ adminUrl, adminHost, adminPort, tlsCert }: HostSettings): string {
  if (adminUrl !== undefined) return adminUrl.replace(/\/+$/, '');
  const host = ['0.0.0.0', '::'].includes(adminHost) ? 'localhost' : adminHost;
  return `${tlsCert === undefined ? 'http' : 'https'}://${isIPv6(host) ? `[${host}]` : host}:${adminPort}`;
}

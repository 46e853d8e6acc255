import type { Settings } from '#config';
import type { Binding } from '../network/listen.js';

/** What a process does. Any number of processes share one database. */
export interface Roles {
  /** Serves models: gRPC, HTTP and WebSocket on CAS_PORT. */
  readonly inference: boolean;
  /** Serves the admin API on CAS_ADMIN_PORT. */
  readonly admin: boolean;
}

/** The ports that a process opens; undefined for those that its roles do not have. */
export interface Bindings {
  readonly ops: Binding;
  readonly inference: Binding | undefined;
  readonly admin: Binding | undefined;
}

/** The ports that a process with these roles opens. */
export function bindingsOf(settings: Settings, roles: Roles): Bindings {
  const { host, port, opsHost, opsPort, adminHost, adminPort } = settings;
  return {
    ops: { host: opsHost, port: opsPort, hostSetting: 'CAS_OPS_HOST', portSetting: 'CAS_OPS_PORT' },
    inference: roles.inference ? { host, port, hostSetting: 'CAS_HOST', portSetting: 'CAS_PORT' } : undefined,
    admin: roles.admin
      ? { host: adminHost, port: adminPort, hostSetting: 'CAS_ADMIN_HOST', portSetting: 'CAS_ADMIN_PORT' }
      : undefined,
  };
}

import type { AddressInfo } from 'node:net';
import { requiresTokens, type Settings } from '#config';
import { packageVersion } from '#core';
import { isPrettyLog, type Log } from '#telemetry';
import type { Administration } from '../administration.js';
import type { Inference } from '../inference.js';
import { networkAddressesOfMachine, renderPanel } from './panel.js';
import type { Roles } from './roles.js';

type Listening = { getHttpServer(): { address(): AddressInfo | string | null } };

/** The parts of a process that are announced. */
export interface Announced {
  readonly settings: Settings;
  readonly roles: Roles;
  readonly operations: { readonly app: Listening };
  readonly inference: Inference | undefined;
  readonly administration: Administration | undefined;
  readonly log: Log;
}

/** Logs that the ports are open while the models still load: a download of gigabytes takes its time. */
export function announceLoading(announced: Announced): void {
  const text = 'the ports are open; callers are asked to come back until the model is loaded';
  announced.log.info({ ...portsOf(announced), model: announced.settings.model }, text);
}

/**
 * Announces that the process is ready, with one log line that has every port as it was bound. Before it comes the panel
 * where people read the log, and the link that makes the first account while there is none.
 */
export async function announce(announced: Announced): Promise<void> {
  const { settings, inference, administration, log } = announced;
  const ports = portsOf(announced);
  const setupUrl = await administration?.setupUrl(ports.adminPort ?? settings.adminPort);
  const model = inference?.models.registry.pool().info;
  if (isPrettyLog(settings.logFormat)) {
    const panel = renderPanel({
      ...placesOf(settings),
      ...ports,
      version: packageVersion(),
      tls: settings.tlsCert !== undefined,
      needsCertificate: settings.tlsClientCa !== undefined,
      needsToken: requiresTokens(settings),
      ...(model ? { model } : {}),
      ...(setupUrl === undefined ? {} : { setupUrl }),
      networkAddresses: networkAddressesOfMachine(),
      documentationPath: '/docs',
      colours: process.stdout.isTTY,
    });
    process.stdout.write(`${panel}\n`);
  } else if (setupUrl !== undefined) {
    log.info({ setupUrl }, 'no account exists yet: open setupUrl within a day to make the first');
  }
  log.info({ host: settings.host, ...ports, pid: process.pid, ...(model ? { model: model.name } : {}) }, 'ready');
}

function portsOf({ operations, inference, administration }: Announced): {
  port?: number;
  opsPort: number;
  adminPort?: number;
} {
  return {
    ...(inference ? { port: portOf(inference.server.app) } : {}),
    opsPort: portOf(operations.app),
    ...(administration ? { adminPort: portOf(administration.app) } : {}),
  };
}

function placesOf({ host, opsHost, opsTls, adminHost, replicas, devices }: Settings): PanelPlaces {
  return { host, opsHost, opsTls, adminHost, replicas, devices };
}

type PanelPlaces = Pick<Settings, 'host' | 'opsHost' | 'opsTls' | 'adminHost' | 'replicas' | 'devices'>;

/** The port that was really bound. */
export function portOf(app: Listening): number {
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

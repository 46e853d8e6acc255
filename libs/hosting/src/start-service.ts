import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '#core';
import type { Settings } from '#config';
import { startPools, type PoolRegistry } from '#inference';
import { Activity, createInferenceServer, type InferenceServer, logUnforeseen, ProtocolServices } from '#protocol';
import { DocumentService, EncodeService, ImageFetcher, RankService } from '#serving';
import { createLog, createOpsServer, isPrettyLog, nestLogger, OpsSources, type Log, ServiceMetrics } from '#telemetry';
import { listen } from './listen.js';
import { networkAddressesOfMachine, renderPanel } from './panel.js';
import { poolOptions, poolReadings } from './pools.js';
import { Readiness } from './readiness.js';
import { stopOnSignal } from './stop-on-signal.js';
import { readTlsFiles } from './tls-files.js';
import { packageVersion } from './version.js';

/**
 * Brings the whole service up and returns when it answers: the ops port beside the pools, so that an orchestrator can watch
 * the model load, then the inference port. SIGTERM and SIGINT end it. Rejects when a model cannot be loaded or a port cannot
 * be bound; the replicas end with the process.
 */
export async function startService(settings: Settings): Promise<void> {
  const log = createLog({ level: settings.logLevel, format: settings.logFormat });
  const tls = readTlsFiles(settings);
  const started: { registry?: PoolRegistry } = {};
  const metrics = new ServiceMetrics(() => (started.registry ? poolReadings(started.registry) : []));
  const readiness = new Readiness(() => started.registry);
  const starting = startPools([poolOptions(settings, metrics, log)]);
  const [ops, registry] = await Promise.all([openOps(settings, metrics, readiness, log), starting]);
  const fetcher = new ImageFetcher(fetcherOptions(settings));
  started.registry = registry;
  const services = useCases(settings, registry, fetcher, metrics, readiness);
  const server = await listenOn(settings, tls, services, log);
  const follow = readiness.follow(systemClock, (ready) => server.setServing(ready));
  stopOnSignal({ log, graceMs: settings.shutdownGraceMs, readiness, follow, server, ops, fetcher, registry });
  announce(settings, server, portOf(ops), registry, log);
}

async function openOps(
  settings: Settings,
  metrics: ServiceMetrics,
  readiness: Readiness,
  log: Log,
): Promise<NestFastifyApplication> {
  const ops = await createOpsServer(new OpsSources(metrics, () => readiness.now()), nestLogger(log));
  const { opsHost: host, opsPort: port } = settings;
  await listen(ops, { host, port, hostSetting: 'CAS_OPS_HOST', portSetting: 'CAS_OPS_PORT' });
  return ops;
}

function fetcherOptions(settings: Settings): ConstructorParameters<typeof ImageFetcher>[0] {
  return {
    allowPrivate: settings.allowPrivateFetch,
    bytesMax: settings.fetchBytesMax,
    timeoutMs: settings.fetchTimeoutMs,
    concurrencyMax: 64,
    ...(settings.fileRoot === undefined ? {} : { fileRoot: settings.fileRoot }),
  };
}

function useCases(
  settings: Settings,
  registry: PoolRegistry,
  fetcher: ImageFetcher,
  metrics: ServiceMetrics,
  readiness: Readiness,
): ProtocolServices {
  const encode = new EncodeService({ registry, fetcher });
  return new ProtocolServices({
    documents: new DocumentService({ encode, clock: systemClock, onFailure: logUnforeseen }),
    encode,
    rank: new RankService({ encoder: encode }),
    registry,
    clock: systemClock,
    activity: new Activity(systemClock),
    limits: settings,
    isReady: () => readiness.now().ready,
    onRequest: (outcome) => metrics.onRequest(outcome),
    version: packageVersion(),
  });
}

async function listenOn(
  settings: Settings,
  tls: ReturnType<typeof readTlsFiles>,
  services: ProtocolServices,
  log: Log,
): Promise<InferenceServer> {
  const { corsOrigins } = settings;
  const server = await createInferenceServer({
    services,
    ...(tls ? { tls } : {}),
    ...(corsOrigins ? { corsOrigins: corsOrigins.includes('*') ? true : [...corsOrigins] } : {}),
    reflection: settings.grpcReflection,
    graceMs: settings.shutdownGraceMs,
    logger: nestLogger(log),
  });
  const { host, port } = settings;
  await listen(server.app, { host, port, hostSetting: 'CAS_HOST', portSetting: 'CAS_PORT' });
  return server;
}

function announce(
  settings: Settings,
  server: InferenceServer,
  opsPort: number,
  registry: PoolRegistry,
  log: Log,
): void {
  const port = portOf(server.app);
  const model = registry.pool().info;
  if (isPrettyLog(settings.logFormat)) {
    const { host, opsHost, replicas, devices } = settings;
    const tls = settings.tlsCert !== undefined;
    const networkAddresses = networkAddressesOfMachine();
    const facts = {
      version: packageVersion(),
      host,
      port,
      opsHost,
      opsPort,
      tls,
      model,
      replicas,
      devices,
      networkAddresses,
    };
    process.stdout.write(`${renderPanel({ ...facts, documentationPath: '/docs', colours: process.stdout.isTTY })}\n`);
  }
  log.info({ host: settings.host, port, opsPort, pid: process.pid, model: model.name }, 'ready');
}

function portOf(app: { getHttpServer(): { address(): AddressInfo | string | null } }): number {
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

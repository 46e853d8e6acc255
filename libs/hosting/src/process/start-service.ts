import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { DeviceCheck, localDevices } from '#inference';
import { DesiredModelStore, ModelAdministration } from '#serving';
import { createLog, createOpsServer, nestLogger, OpsSources, type Log, ServiceMetrics } from '#telemetry';
import { Access } from '../access.js';
import { Administration } from '../administration.js';
import { announce, announceLoading } from './announce.js';
import { opsRefusals } from '../network/host-names.js';
import { Inference } from '../inference.js';
import { listen, type Binding } from '../network/listen.js';
import { servingDefaults, poolReadings } from '../models/pools.js';
import { modelFolders } from '../models/model-folders.js';
import { weightBytesOf } from '../models/model-weights.js';
import { bindingsOf, requirePlaces } from './places.js';
import { Readiness } from './readiness.js';
import type { Roles } from './roles.js';
import { ServedModels } from '../models/served-models.js';
import { StopOnSignal } from './stop-on-signal.js';
import { UsedFolders } from '../models/used-folders.js';
import { watchCertificates } from '../tls/certificates.js';
import { tlsServerFactory, type TlsFiles } from '../tls/index.js';

/**
 * Brings the whole service up and returns when it serves. Ports and folders are looked at first, all at once; then every port opens,
 * so that an orchestrator can watch the models load and callers are asked to come back, and the models are loaded last. SIGTERM and
 * SIGINT end it, also while it starts. Rejects when a place cannot be used, the database cannot be opened or a model cannot be
 * loaded; the replicas end with the process.
 */
export async function startService(settings: Settings, roles: Roles): Promise<void> {
  const log = createLog({ level: settings.logLevel, format: settings.logFormat });
  const stopping = new StopOnSignal({ log, clock: systemClock, exit: (code) => process.exit(code) });
  stopping.listen();
  await requirePlaces(settings, roles);
  const tls = watchCertificates(settings, log);
  const bindings = bindingsOf(settings, roles);
  const started: Started = {};
  const metrics = metricsOf(started);
  const readiness = readinessOf(roles, started);
  const [ops, access] = await Promise.all([
    openOps(settings, bindings.ops, { metrics, readiness, tls, log }),
    Access.open(settings, log),
  ]);
  const store = new DesiredModelStore({ database: access.database, clock: systemClock });
  const folders = modelFolders(settings, log);
  const devices = new DeviceCheck({
    inventory: localDevices(),
    weightBytesOf: (model) => weightBytesOf(folders, model),
  });
  const names = folders;
  const models = roles.inference
    ? new ServedModels({ settings, metrics, store, names, folders: new UsedFolders(folders), devices, log })
    : undefined;
  const parts = { settings, access, metrics, readiness, tls, log };
  const inference = models && bindings.inference && (await Inference.open(models, bindings.inference, parts));
  const defaults = servingDefaults(settings);
  const administration =
    bindings.admin &&
    (await Administration.open(bindings.admin, {
      ...parts,
      models: new ModelAdministration({ store, names, local: models, defaults }),
    }));
  const serving = { settings, roles, ops, inference, administration, log };
  if (models) announceLoading(serving);
  await models?.start();
  // Only now, with every port open and the models loaded: ready means both.
  if (models) started.models = models;
  started.access = access;
  const follow = readiness.follow(systemClock, (ready) => inference?.server.setServing(ready));
  stopping.running = {
    graceMs: settings.shutdownGraceMs,
    beforeStop: () => {
      readiness.stop();
      follow();
      tls?.stop();
      models?.hold();
      inference?.server.setServing(false);
    },
    finish: async () => {
      await Promise.all([inference?.close(), administration?.close()]);
      await folders.close();
    },
    save: async () => {
      await access.close();
      await ops.close();
    },
  };
  await announce(serving);
}

/** What is up so far. */
interface Started {
  models?: ServedModels;
  access?: Access;
}

function metricsOf(started: Started): ServiceMetrics {
  const metrics = new ServiceMetrics(() => (started.models ? poolReadings(started.models.registry) : []));
  metrics.followDatabase(() => started.access?.directory.outage === undefined);
  return metrics;
}

function readinessOf(roles: Roles, started: Started): Readiness {
  const databaseProblem = (): string | undefined => started.access?.directory.outage;
  if (roles.inference) return new Readiness(() => started.models?.registry, databaseProblem);
  return new Readiness(() => (started.access ? { health: () => new Map() } : undefined), databaseProblem);
}

async function openOps(
  settings: Settings,
  binding: Binding,
  parts: { metrics: ServiceMetrics; readiness: Readiness; tls: TlsFiles | undefined; log: Log },
): Promise<NestFastifyApplication> {
  const { metrics, readiness, tls, log } = parts;
  const sources = new OpsSources(metrics, () => readiness.now());
  const factory = tls && settings.opsTls ? tlsServerFactory(tls) : undefined;
  const ops = await createOpsServer(sources, {
    logger: nestLogger(log),
    refusalOf: opsRefusals(settings),
    ...(factory ? { serverFactory: factory } : {}),
  });
  await listen(ops, binding);
  return ops;
}

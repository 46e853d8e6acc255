import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { DeviceCheck, localDevices } from '#inference';
import { DesiredModelStore, ModelAdministration } from '#serving';
import { createLog, createOpsServer, nestLogger, OpsSources, type Log, ServiceMetrics } from '#telemetry';
import { Access } from './access.js';
import { Administration } from './administration.js';
import { announce } from './announce.js';
import { Inference } from './inference.js';
import { listen } from './listen.js';
import { houseOf, poolReadings } from './pools.js';
import { modelFolders } from './model-folders.js';
import { weightBytesOf } from './model-weights.js';
import { Readiness } from './readiness.js';
import type { Roles } from './roles.js';
import { ServedModels } from './served-models.js';
import { StopOnSignal } from './stop-on-signal.js';
import { UsedFolders } from './used-folders.js';
import { watchCertificates } from './certificates.js';
import { tlsServerFactory, type TlsFiles } from './tls/index.js';

/**
 * Brings the whole service up and returns when it answers: the ops port beside the rest, so that an orchestrator can watch
 * the model load, then the other ports. SIGTERM and SIGINT end it, also while it starts. Rejects when the database cannot be opened, a model cannot be
 * loaded or a port cannot be bound; the replicas end with the process.
 */
export async function startService(settings: Settings, roles: Roles): Promise<void> {
  const log = createLog({ level: settings.logLevel, format: settings.logFormat });
  const stopping = new StopOnSignal({ log, clock: systemClock, exit: (code) => process.exit(code) });
  stopping.listen();
  const tls = watchCertificates(settings, log);
  const started: Started = {};
  const metrics = new ServiceMetrics(() => (started.models ? poolReadings(started.models.registry) : []));
  const readiness = readinessOf(roles, started);
  const [ops, access] = await Promise.all([
    openOps(settings, metrics, readiness, tls, log),
    Access.open(settings, log),
  ]);
  const store = new DesiredModelStore({ database: access.database, clock: systemClock });
  const folders = modelFolders(settings, log);
  const devices = new DeviceCheck({
    inventory: localDevices(),
    weightBytesOf: (model) => weightBytesOf(folders, model),
  });
  const models = roles.inference
    ? await ServedModels.start({ settings, metrics, store, folders: new UsedFolders(folders), devices, log })
    : undefined;
  const parts = { settings, access, metrics, readiness, tls, log };
  const inference = models && (await Inference.open(models, parts));
  const administration = roles.admin
    ? await Administration.open({
        ...parts,
        models: new ModelAdministration({ store, local: models, house: houseOf(settings) }),
      })
    : undefined;
  // Only now, with every port open: traffic that comes because of it must find them.
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
  await announce({ settings, roles, ops, inference, administration, log });
}

/** What is up so far. */
interface Started {
  models?: ServedModels;
  access?: Access;
}

function readinessOf(roles: Roles, started: Started): Readiness {
  if (roles.inference) return new Readiness(() => started.models?.registry);
  return new Readiness(() => (started.access ? { health: () => new Map() } : undefined));
}

async function openOps(
  settings: Settings,
  metrics: ServiceMetrics,
  readiness: Readiness,
  tls: TlsFiles | undefined,
  log: Log,
): Promise<NestFastifyApplication> {
  const sources = new OpsSources(metrics, () => readiness.now());
  const factory = tls && settings.opsTls ? tlsServerFactory(tls) : undefined;
  const ops = await createOpsServer(sources, nestLogger(log), factory);
  const { opsHost: host, opsPort: port } = settings;
  await listen(ops, { host, port, hostSetting: 'CAS_OPS_HOST', portSetting: 'CAS_OPS_PORT' });
  return ops;
}

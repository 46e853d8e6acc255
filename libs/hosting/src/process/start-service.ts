import { ChangeFeed } from '#admin';
import type { ExplainedSetting, OpenTelemetrySettings, Settings } from '#config';
import { systemClock } from '#core';
import { DeviceCheck, localDevices } from '#inference';
import { DesiredModelStore, ModelAdministration } from '#serving';
import { createLog, LogLevels, LogLevelStore, type Log, type TraceSink } from '#telemetry';
import { Access } from '../access.js';
import { Administration } from '../administration.js';
import { Inference } from '../inference.js';
import { modelFacts, openModelFiles, weightBytesOf } from '../models/model-files.js';
import { servingDefaults } from '../models/pools.js';
import { ServedModels } from '../models/served-models.js';
import { Operations } from '../operations.js';
import { exemplarSink } from '../exemplars.js';
import { openMetricExport } from '../metric-export.js';
import { Pods } from '../pods/pods.js';
import { tellModels } from '../pods/tell-models.js';
import { openTracing } from '../tracing.js';
import { watchCertificates } from '../tls/certificates.js';
import { Traces } from '../traces.js';
import { announce, announceLoading, portOf } from './announce.js';
import { requirePlaces } from './places.js';
import { bindingsOf, type Roles } from './roles.js';
import { StopOnSignal, type Stoppable } from './stop-on-signal.js';

/**
 * Brings the whole service up and returns when it serves. Ports and folders are tried first, all at once; then every
 * port opens, so that an orchestrator can watch the models load and callers are asked to come back; the models load
 * last. SIGTERM and SIGINT end the service, also while it starts. Rejects when a port or folder cannot be used, the
 * database cannot be opened or a model cannot be loaded; the replicas end with the process.
 *
 * @param explained the same settings as people may see them
 */
export async function startService(
  settings: Settings,
  openTelemetry: OpenTelemetrySettings,
  roles: Roles,
  explained: readonly ExplainedSetting[],
): Promise<void> {
  const log = createLog({ level: settings.logLevel, format: settings.logFormat });
  const signals = new StopOnSignal({ log, clock: systemClock, exit: (code) => process.exit(code) });
  signals.listen();
  await requirePlaces(settings, roles);
  const service = await openService(settings, openTelemetry, roles, log, explained);
  if (service.models) {
    service.operations.progress.loadModels();
    announceLoading(service);
  }
  await service.models?.start();
  // Only now, with every port open and the models loaded: ready means both.
  service.operations.serve(service);
  service.inference?.follow(service.operations.readiness);
  signals.finishFirst(stepsToStop(service));
  await announce(service);
}

/** The parts of a process, each open. */
type Service = Awaited<ReturnType<typeof openService>>;

/** Opens every port, and what stands behind it. No model is loaded yet. */
async function openService(
  settings: Settings,
  openTelemetry: OpenTelemetrySettings,
  roles: Roles,
  log: Log,
  explained: readonly ExplainedSetting[],
) {
  const tls = watchCertificates(settings, log);
  const bindings = bindingsOf(settings, roles);
  const sinks: TraceSink[] = [];
  const operations = await Operations.open(bindings.ops, { settings, roles, tls, log });
  const { metrics, readiness } = operations;
  // Before the database: its driver is traced only when it is loaded afterwards.
  const tracing = await openTracing({ settings, openTelemetry, metrics, sinks, log });
  const access = await Access.open(settings, log);
  const pods = await Pods.open({ database: access.database, roles, operations, log, explained });
  const traces = new Traces({
    ...{ settings, database: access.database },
    ...{ servesRequests: bindings.inference !== undefined, isTraced: tracing !== undefined },
    onDropped: (where) => metrics.telemetry.onTraceDropped(where),
  });
  traces.start();
  sinks.push(...traces.sinks, exemplarSink(metrics));
  const parts = { settings, access, metrics, readiness, tls, log, tracer: tracing?.tracer };
  const logLevels = new LogLevels({
    ...{ log, clock: systemClock },
    store: new LogLevelStore({ database: access.database, clock: systemClock }),
  });
  await logLevels.start();
  const store = new DesiredModelStore({ database: access.database, clock: systemClock });
  const { names, folders, pulls, lines } = openModelFiles(settings, log, (event) =>
    operations.progress.onStoreEvent(event),
  );
  const devices = new DeviceCheck({ inventory: localDevices(), weightBytesOf: (model) => weightBytesOf(names, model) });
  const { history } = pods;
  const own = { settings, metrics, log, minutes: access.minutes, history };
  const models = bindings.inference ? new ServedModels({ ...own, store, names, folders, devices, lines }) : undefined;
  if (models) tellModels(pods, { settings, models, lines, store: names, pulls });
  const inference = models && bindings.inference && (await Inference.open(models, bindings.inference, parts));
  const modelAdministration = new ModelAdministration({
    ...{ store, names, local: models },
    ...{ defaults: servingDefaults(settings), facts: (name) => modelFacts(names, name) },
  });
  const changes = new ChangeFeed({ database: access.database, clock: systemClock });
  // What only the memory of this process holds, no change counter tells.
  sinks.push({ onTrace: () => changes.note('traces'), onBatch: () => undefined });
  const administration =
    bindings.admin &&
    (await Administration.open(bindings.admin, {
      ...parts,
      explained,
      logLevels,
      models: modelAdministration,
      ...{ traces: traces.search, inputs: traces.inputs },
      ...{ pods, changes, inferencePort: inference && portOf(inference.server.app) },
    }));
  const endMetricExport = await openMetricExport({ openTelemetry, metrics, log });
  const watched = { traces, tracing, endMetricExport, logLevels, pods };
  return { settings, roles, log, tls, operations, access, names, models, inference, administration, ...watched };
}

/** What a stop does: first everything says "not ready", then what is in flight is finished, then figures are saved. */
function stepsToStop({ settings, operations, access, ...serving }: Service): Stoppable {
  const { tls, names, models, inference, administration, traces, tracing, endMetricExport, logLevels, pods } = serving;
  return {
    graceMs: settings.shutdownGraceMs,
    beforeStop: () => {
      operations.readiness.stop();
      tls?.stop();
      models?.hold();
      inference?.refuse();
    },
    finish: async () => {
      await Promise.all([inference?.close(), administration?.close()]);
      await names.close();
    },
    save: async () => {
      operations.stopWatching();
      await Promise.all([logLevels.stop(), pods.close()]);
      // The collector may take its two seconds; what is saved meanwhile does not wait for it.
      await Promise.all([traces.close().then(() => access.close()), tracing?.close(), endMetricExport()]);
      await operations.close();
    },
  };
}

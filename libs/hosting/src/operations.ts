import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#config';
import { systemClock } from '#core';
import { createOpsServer, nestLogger, OpsSources, ServiceMetrics, type Log } from '#telemetry';
import type { Access } from './access.js';
import { AuditWatch } from './audit-watch.js';
import { DiskReadings } from './disk-readings.js';
import { modelSource } from './models/pools.js';
import type { ServedModels } from './models/served-models.js';
import { opsRefusals } from './network/host-names.js';
import { listen, type Binding } from './network/listen.js';
import { Readiness } from './process/readiness.js';
import type { Roles } from './process/roles.js';
import { StartProgress } from './process/start-progress.js';
import type { TlsFiles } from './tls/tls-files.js';
import { tlsServerFactory } from './tls/tls-server-factory.js';

/** What the ops port is made of. */
export interface OperationsParts {
  readonly settings: Settings;
  readonly roles: Roles;
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
}

/** What health and metrics are read from. */
export interface Serving {
  readonly access: Access;
  /** Undefined where the process serves no models. */
  readonly models: ServedModels | undefined;
}

/** The ops port, where operators see the health and the metrics of the process. */
export class Operations {
  readonly metrics: ServiceMetrics;
  readonly readiness: Readiness;
  /** How far the start has come. */
  readonly progress: StartProgress;
  private audit: AuditWatch | undefined;

  private constructor(
    readonly app: NestFastifyApplication,
    private readonly status: Status,
    private readonly disks: DiskReadings,
    private readonly parts: OperationsParts,
  ) {
    this.metrics = status.metrics;
    this.readiness = status.readiness;
    this.progress = status.progress;
  }

  /** Opens the port; the process is not ready until `serve`. Rejects when the port cannot be bound. */
  static async open(binding: Binding, parts: OperationsParts): Promise<Operations> {
    const { settings, roles, tls, log } = parts;
    const status = new Status(roles);
    if (tls) status.metrics.health.followCertificate(() => tls.notAfterMs);
    const disks = new DiskReadings({ data: settings.dataDir, models: settings.modelDir }, systemClock);
    status.metrics.health.followDisks(() => disks.now());
    disks.start();
    const serverFactory = tls && settings.opsTls ? tlsServerFactory(tls) : undefined;
    const { metrics, readiness, progress } = status;
    const sources = new OpsSources(
      metrics,
      () => readiness.now(),
      () => progress.now(),
    );
    const app = await createOpsServer(sources, {
      logger: nestLogger(log),
      refusalOf: opsRefusals(settings),
      ...(serverFactory ? { serverFactory } : {}),
    });
    await listen(app, binding);
    return new Operations(app, status, disks, parts);
  }

  /**
   * The start has finished: from now on the process is ready while the health of `serving` allows it, until
   * `readiness.stop()`.
   */
  serve(serving: Serving): void {
    this.progress.finish();
    this.status.serving = serving;
    if (this.parts.roles.admin) this.watchAudit(serving.access);
  }

  private watchAudit({ database }: Access): void {
    this.audit = new AuditWatch({ database, clock: systemClock, log: this.parts.log });
    this.metrics.health.followAuditChain(() => this.audit?.isIntact);
    this.audit.start();
  }

  /** Ends what reads the database beside requests. A check under way is not waited for: it ends with the database. */
  stopWatching(): void {
    void this.audit?.stop();
  }

  async close(): Promise<void> {
    this.disks.stop();
    await this.app.close();
    this.metrics.close();
  }
}

/** How far the process has come. The port answers before there is a database or a model to ask. */
class Status {
  /** Undefined while the process starts. */
  serving: Serving | undefined;
  readonly metrics = new ServiceMetrics(modelSource(() => this.registry));
  readonly readiness: Readiness;
  readonly progress = new StartProgress();

  constructor(roles: Roles) {
    this.metrics.health.followDatabase(() => this.databaseProblem === undefined);
    this.readiness = new Readiness(
      () => (roles.inference ? this.registry : this.serving && NO_MODELS),
      () => this.databaseProblem,
    );
    this.metrics.health.followReady(() => this.readiness.now().ready);
  }

  private get registry() {
    return this.serving?.models?.registry;
  }

  private get databaseProblem(): string | undefined {
    return this.serving?.access.verifier.outage;
  }
}

const NO_MODELS = { health: () => new Map<string, { readonly ready: boolean }>() };

import { hostname } from 'node:os';
import { changedSettings, fingerprintOf, type ExplainedSetting } from '#config';
import { packageVersion, systemClock } from '#core';
import type { Database } from '#database';
import { CommandFollower, PodCommands, PodDirectory, PodReporter } from '#pods';
import type { Log } from '#telemetry';
import type { Operations } from '../operations.js';
import type { Roles } from '../process/roles.js';
import type { ServedModels } from '../models/served-models.js';
import { devicesPart } from './devices-part.js';
import { poolsPart } from './pools-part.js';
import { processPart } from './process-part.js';
import { handleReplicaCommands } from './replica-commands.js';
import { ReplicaHistory } from './replica-history.js';
import { WaitingHistory } from './waiting-part.js';

/** What a pod is made of. */
export interface PodsParts {
  readonly database: Database;
  readonly roles: Roles;
  readonly operations: Operations;
  readonly log: Log;
  /** The settings as people may see them. */
  readonly explained: readonly ExplainedSetting[];
}

/**
 * This process as a pod among others: it reports what it does, does what it is asked to, and knows of the others. A
 * part of the report is a file here and a `tell`, a command a file and a `handle`.
 */
export class Pods {
  readonly directory: PodDirectory;
  readonly commands: PodCommands;
  /** What the replicas of this process did last; whoever makes pools of them notes it here. */
  readonly history = new ReplicaHistory(systemClock);

  private constructor(
    readonly reporter: PodReporter,
    readonly follower: CommandFollower,
    database: Database,
  ) {
    const clock = systemClock;
    this.directory = new PodDirectory({ database, clock });
    this.commands = new PodCommands({ database, clock, directory: this.directory });
  }

  /** Makes this process known; from then on it reports, also while it starts. @throws DomainError `unavailable` */
  static async open({ database, roles, operations, log, explained }: PodsParts): Promise<Pods> {
    const clock = systemClock;
    const named = (['inference', 'admin'] as const).filter((role) => roles[role]);
    const identity = { host: hostname(), pid: process.pid, version: packageVersion(), roles: named };
    const reporter = await PodReporter.open({ database, clock, ...identity });
    const follower = new CommandFollower({
      ...{ database, clock },
      pod: () => reporter.name,
      onFailure: ({ internal }, kind) => log.error({ internal }, `pods: the command ${kind} failed`),
    });
    reporter.tell('process', () => processPart(operations));
    const settings = { fingerprint: fingerprintOf(explained), changed: changedSettings(explained) };
    reporter.tell('settings', () => settings);
    reporter.start();
    follower.start();
    return new Pods(reporter, follower, database);
  }

  /** Tells of the models of this process from now on, and lets it be asked to do something with them. */
  serve(models: ServedModels): void {
    this.reporter.tell('pools', () => poolsPart(models, this.history));
    const waiting = new WaitingHistory(systemClock);
    this.reporter.tell('waiting', () =>
      waiting.look(models.registry.detail().flatMap(({ queue }) => queue.byPrincipal)),
    );
    this.reporter.tell(
      'devices',
      devicesPart(() => models.devices(), systemClock),
    );
    handleReplicaCommands(this.follower, models, () => this.reporter.report().catch(() => undefined));
  }

  /** Ends the commands and the reports, and takes this process off the list, while the database is still open. */
  async close(): Promise<void> {
    await this.follower.stop();
    await this.reporter.stop();
  }
}

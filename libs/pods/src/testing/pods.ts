import type { Clock } from '#core';
import type { Database } from '#database';
import { CommandFollower } from '../command/command-follower.js';
import { PodCommands } from '../command/pod-commands.js';
import { PodDirectory } from '../directory/pod-directory.js';
import { PodReporter, type PodReporterParts } from '../report/pod-reporter.js';

/** Who asks in tests. */
export const ANN = { kind: 'account', id: 'ann', name: 'ann@example.com', from: '192.0.2.1' } as const;

/** A process that reports, on the host `host-1` where nothing else is said; its reports are made by hand. */
export function reporterOn(
  database: Database,
  clock: Clock,
  more: Partial<PodReporterParts> = {},
): Promise<PodReporter> {
  const identity = { host: 'host-1', pid: 1, version: '1.2.3', roles: ['inference'], isAlive: () => true };
  return PodReporter.open({ database, clock, ...identity, ...more });
}

/** A pod that follows commands, by a clock of its own where that is given, and an admin API somewhere else. */
export async function podAndAsker(database: Database, clock: Clock, ofPod = clock) {
  const reporter = await reporterOn(database, clock);
  const failures: string[] = [];
  const follower = new CommandFollower({
    ...{ database, clock: ofPod },
    pod: () => reporter.name,
    onFailure: (error, kind) => failures.push(`${kind}: ${error.internal}`),
  });
  const directory = new PodDirectory({ database, clock });
  return { reporter, follower, failures, directory, commands: new PodCommands({ database, clock, directory }) };
}

import type { FromReplica } from '../wire/messages-from-replica.js';
import type { ToReplica } from '../wire/messages-to-replica.js';
import type { Placement } from '../devices/placement.js';

/** What a link reports of one run of a replica. */
export interface ReplicaLinkEvents {
  message(message: FromReplica): void;
  /** The process ended by itself; the reason is for logs and the console. Called once at most, nothing follows it. */
  gone(reason: string): void;
}

/**
 * The one interface through which the pool reaches a replica, from its start to its end. Today a child process; a
 * replica on another machine, or one shared by several front ends, would be another implementation.
 */
export interface ReplicaLink {
  /** The process; undefined when there is none. */
  readonly pid: number | undefined;
  /** Resolves when the replica's process is out of the machine; never rejects. */
  readonly exited: Promise<void>;
  send(message: ToReplica): void;
  /** Ends the run at once and silently: no message and no `gone` comes after this. */
  kill(): void;
}

/** Starts one run of a replica, which sends `ready` or `load_failed` by itself. */
export type OpenLink = (placement: Placement, events: ReplicaLinkEvents) => ReplicaLink;

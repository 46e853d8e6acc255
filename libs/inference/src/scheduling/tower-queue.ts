import { LinkedList, type ListNode } from './linked-list.js';
import type { Rider, Submission } from './submission.js';

/** The waiting items of one call, first to leave at the end of `riders`. */
interface Stretch {
  readonly submission: Submission;
  readonly riders: Rider[];
  readonly lane: Lane;
  bytes: number;
  laneNode?: ListNode<Stretch>;
  arrivalNode?: ListNode<Stretch>;
}

/** The calls of one principal, first come first served. */
interface Lane {
  readonly principalId: string;
  readonly stretches: LinkedList<Stretch>;
  /** When its turn is, in turns since the start. */
  turn: number;
  node?: ListNode<Lane>;
}

/** So much decoding counts as one more turn. */
const TURN_MS = 20;

/**
 * The waiting items of one tower and one priority. Principals take turns, one item a turn, so that 100,000 items of one caller
 * delay the single item of another by at most one item. An item that takes long to decode counts as several turns, also when
 * its principal comes back later. Every operation costs the same however much waits, where items are alike; who has used more
 * than a turn is passed by one step for each such principal.
 */
export class TowerQueue {
  private readonly lanes = new Map<string, Lane>();
  /** Lanes, next turn first: those that hold something, and behind the first those that have turns to make up for. */
  private readonly turns = new LinkedList<Lane>();
  private readonly arrivals = new LinkedList<Stretch>();
  private readonly stretches = new Map<Submission, Stretch>();
  private items = 0;
  /** The turn that was served last. */
  private turn = 0;
  private bytesWaiting = 0;
  private workWaitingMs = 0;

  get size(): number {
    return this.items;
  }

  get bytes(): number {
    return this.bytesWaiting;
  }

  /** What decoding all of it costs, in milliseconds. */
  get workMs(): number {
    return this.workWaitingMs;
  }

  /** When the longest waiting item came; undefined when none waits. */
  get oldestAtMs(): number | undefined {
    return this.arrivals.first?.riders[0]?.enqueuedAtMs;
  }

  /** Puts the items of one call in, in the order in which they should leave. */
  add(submission: Submission, riders: readonly Rider[]): void {
    if (riders.length === 0) return;
    const lane = this.laneOf(submission.principalId);
    const bytes = riders.reduce((sum, rider) => sum + rider.bytes, 0);
    const stretch: Stretch = { submission, riders: riders.toReversed(), lane, bytes };
    stretch.laneNode = lane.stretches.push(stretch);
    stretch.arrivalNode = this.arrivals.push(stretch);
    this.stretches.set(submission, stretch);
    this.dropIdle();
    this.count(riders.length, bytes, workOf(riders));
  }

  /** The item whose turn it is, left in the queue. */
  peek(): Rider | undefined {
    return this.turns.first?.stretches.first?.riders.at(-1);
  }

  /** Takes the item that `peek` showed; its principal goes to the end of the line. */
  take(): Rider | undefined {
    const lane = this.turns.first;
    const stretch = lane?.stretches.first;
    const rider = stretch?.riders.pop();
    if (!lane || !stretch || !rider) return undefined;
    stretch.bytes -= rider.bytes;
    this.count(-1, -rider.bytes, -rider.workMs);
    this.turn = lane.turn;
    lane.turn += 1 + rider.workMs / TURN_MS;
    this.place(lane);
    if (stretch.riders.length === 0) this.unlink(stretch);
    this.dropIdle();
    return rider;
  }

  /** Forgets what waits of a call, in constant time. */
  remove(submission: Submission): void {
    const stretch = this.stretches.get(submission);
    if (!stretch) return;
    this.count(-stretch.riders.length, -stretch.bytes, -workOf(stretch.riders));
    this.unlink(stretch);
    this.dropIdle();
  }

  /** The calls that have something waiting. */
  submissions(): Submission[] {
    return [...this.stretches.keys()];
  }

  private laneOf(principalId: string): Lane {
    const known = this.lanes.get(principalId);
    if (known) return known;
    const lane: Lane = { principalId, stretches: new LinkedList(), turn: this.turn + 1 };
    this.place(lane);
    this.lanes.set(principalId, lane);
    return lane;
  }

  private count(items: number, bytes: number, workMs: number): void {
    this.items += items;
    this.bytesWaiting += bytes;
    this.workWaitingMs = this.items === 0 ? 0 : this.workWaitingMs + workMs;
  }

  /** Who has the same turn is served in the order of coming. */
  private place(lane: Lane): void {
    if (lane.node) this.turns.remove(lane.node);
    lane.node = this.turns.insert(lane, (other) => other.turn > lane.turn);
  }

  /** A lane that holds nothing is kept while it has turns to make up for: until it would be the next. */
  private dropIdle(): void {
    for (let first = this.turns.first; first?.stretches.size === 0; first = this.turns.first) this.drop(first);
  }

  private drop(lane: Lane): void {
    if (lane.node) this.turns.remove(lane.node);
    this.lanes.delete(lane.principalId);
  }

  private unlink({ lane, laneNode, arrivalNode, submission }: Stretch): void {
    if (laneNode) lane.stretches.remove(laneNode);
    if (arrivalNode) this.arrivals.remove(arrivalNode);
    this.stretches.delete(submission);
    if (lane.stretches.size === 0 && lane.turn <= this.turn + 1) this.drop(lane);
  }
}

function workOf(riders: readonly Rider[]): number {
  return riders.reduce((sum, { workMs }) => sum + workMs, 0);
}

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
  node?: ListNode<Lane>;
}

/**
 * The waiting items of one tower and one priority. Principals take turns, one item a turn, so that 100,000 items of one caller
 * delay the single item of another by at most one item. Every operation costs the same however much waits.
 */
export class TowerQueue {
  private readonly lanes = new Map<string, Lane>();
  /** Lanes that hold something, next turn first. */
  private readonly turns = new LinkedList<Lane>();
  private readonly arrivals = new LinkedList<Stretch>();
  private readonly stretches = new Map<Submission, Stretch>();
  private items = 0;
  private bytesWaiting = 0;

  get size(): number {
    return this.items;
  }

  get bytes(): number {
    return this.bytesWaiting;
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
    lane.node ??= this.turns.push(lane);
    this.count(riders.length, bytes);
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
    this.count(-1, -rider.bytes);
    if (stretch.riders.length === 0) this.unlink(stretch);
    this.passTurn(lane);
    return rider;
  }

  /** Forgets what waits of a call, in constant time. */
  remove(submission: Submission): void {
    const stretch = this.stretches.get(submission);
    if (!stretch) return;
    this.count(-stretch.riders.length, -stretch.bytes);
    this.unlink(stretch);
  }

  /** The calls that have something waiting. */
  submissions(): Submission[] {
    return [...this.stretches.keys()];
  }

  private laneOf(principalId: string): Lane {
    const known = this.lanes.get(principalId);
    if (known) return known;
    const lane: Lane = { principalId, stretches: new LinkedList() };
    this.lanes.set(principalId, lane);
    return lane;
  }

  private count(items: number, bytes: number): void {
    this.items += items;
    this.bytesWaiting += bytes;
  }

  private passTurn(lane: Lane): void {
    if (!lane.node) return;
    this.turns.remove(lane.node);
    lane.node = this.turns.push(lane);
  }

  private unlink({ lane, laneNode, arrivalNode, submission }: Stretch): void {
    if (laneNode) lane.stretches.remove(laneNode);
    if (arrivalNode) this.arrivals.remove(arrivalNode);
    this.stretches.delete(submission);
    if (lane.stretches.size > 0 || !lane.node) return;
    this.turns.remove(lane.node);
    delete lane.node;
    this.lanes.delete(lane.principalId);
  }
}

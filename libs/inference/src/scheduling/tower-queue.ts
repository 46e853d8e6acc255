import { LinkedList, type ListNode } from './linked-list.js';
import type { QueuedItem, Submission } from './submission.js';

/** The waiting items of one call; the next to leave is at the end of `items`. */
interface PendingCall {
  readonly submission: Submission;
  readonly items: QueuedItem[];
  readonly principal: PrincipalQueue;
  bytes: number;
  principalNode?: ListNode<PendingCall>;
  arrivalNode?: ListNode<PendingCall>;
}

/** The calls of one principal, first come, first served (a flow, in terms of fair queueing). */
interface PrincipalQueue {
  readonly principalId: string;
  readonly calls: LinkedList<PendingCall>;
  /** Its next turn, counted in turns since the start. */
  turn: number;
  node?: ListNode<PrincipalQueue>;
}

/** This much decoding, in milliseconds, counts as one more turn. */
const TURN_MS = 20;

/**
 * The waiting items of one work class and one priority. Principals take turns, one item a turn, so that 100,000 items
 * of one caller delay the single item of another by at most one item. An item that takes long to decode counts as
 * several turns, also when its principal comes back later. Every operation costs the same however much waits, where
 * items are alike; a principal that has used more than a turn costs one step more.
 */
export class TowerQueue {
  private readonly principals = new Map<string, PrincipalQueue>();
  /**
   * Principals by their next turn: those that hold something, and behind the first those that have used more than their
   * turn.
   */
  private readonly turns = new LinkedList<PrincipalQueue>();
  private readonly arrivals = new LinkedList<PendingCall>();
  private readonly calls = new Map<Submission, PendingCall>();
  private itemsWaiting = 0;
  /** The turn that was served last. */
  private turn = 0;
  private bytesWaiting = 0;
  private workWaitingMs = 0;

  get size(): number {
    return this.itemsWaiting;
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
    return this.arrivals.first?.items[0]?.enqueuedAtMs;
  }

  /** Adds the items of one call, in the order in which they should leave. */
  enqueue(submission: Submission, items: readonly QueuedItem[]): void {
    if (items.length === 0) return;
    const principal = this.principalQueue(submission.principalId);
    const bytes = items.reduce((sum, queued) => sum + queued.bytes, 0);
    const call: PendingCall = { submission, items: items.toReversed(), principal, bytes };
    call.principalNode = principal.calls.push(call);
    call.arrivalNode = this.arrivals.push(call);
    this.calls.set(submission, call);
    this.dropIdle();
    this.count(items.length, bytes, workOf(items));
  }

  /** The item whose turn it is, left in the queue. */
  peek(): QueuedItem | undefined {
    return this.turns.first?.calls.first?.items.at(-1);
  }

  /** Removes and returns the item that `peek` shows; its principal's next turn comes after that of the others. */
  dequeue(): QueuedItem | undefined {
    const principal = this.turns.first;
    const call = principal?.calls.first;
    const queued = call?.items.pop();
    if (!principal || !call || !queued) return undefined;
    call.bytes -= queued.bytes;
    this.count(-1, -queued.bytes, -queued.workMs);
    this.turn = principal.turn;
    principal.turn += 1 + queued.workMs / TURN_MS;
    this.place(principal);
    if (call.items.length === 0) this.unlink(call);
    this.dropIdle();
    return queued;
  }

  /** Forgets what waits of a call, in constant time, and returns how many items that were. */
  remove(submission: Submission): number {
    const call = this.calls.get(submission);
    if (!call) return 0;
    const { length } = call.items;
    this.count(-length, -call.bytes, -workOf(call.items));
    this.unlink(call);
    this.dropIdle();
    return length;
  }

  /** The calls that have something waiting. */
  submissions(): Iterable<Submission> {
    return this.calls.keys();
  }

  /** The calls that have something waiting, with how many items. */
  *pending(): Iterable<{ readonly submission: Submission; readonly items: number }> {
    for (const { submission, items } of this.calls.values()) yield { submission, items: items.length };
  }

  private principalQueue(principalId: string): PrincipalQueue {
    const known = this.principals.get(principalId);
    if (known) return known;
    const principal: PrincipalQueue = { principalId, calls: new LinkedList(), turn: this.turn + 1 };
    this.place(principal);
    this.principals.set(principalId, principal);
    return principal;
  }

  private count(items: number, bytes: number, workMs: number): void {
    this.itemsWaiting += items;
    this.bytesWaiting += bytes;
    this.workWaitingMs = this.itemsWaiting === 0 ? 0 : this.workWaitingMs + workMs;
  }

  /** Principals with the same turn are served in the order in which they came. */
  private place(principal: PrincipalQueue): void {
    if (principal.node) this.turns.remove(principal.node);
    principal.node = this.turns.insert(principal, (other) => other.turn > principal.turn);
  }

  /** A principal that holds nothing is kept until the others have caught up with the turns that it has used. */
  private dropIdle(): void {
    for (let first = this.turns.first; first?.calls.size === 0; first = this.turns.first) this.drop(first);
  }

  private drop(principal: PrincipalQueue): void {
    if (principal.node) this.turns.remove(principal.node);
    this.principals.delete(principal.principalId);
  }

  private unlink({ principal, principalNode, arrivalNode, submission }: PendingCall): void {
    if (principalNode) principal.calls.remove(principalNode);
    if (arrivalNode) this.arrivals.remove(arrivalNode);
    this.calls.delete(submission);
    if (principal.calls.size === 0 && principal.turn <= this.turn + 1) this.drop(principal);
  }
}

function workOf(items: readonly QueuedItem[]): number {
  return items.reduce((sum, { workMs }) => sum + workMs, 0);
}

/** A place in a LinkedList; what `remove` needs. */
export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/**
 * First in, first out, with removal from the middle in constant time. Arrays and Sets are not enough here: a caller
 * that goes away must leave a queue of 100,000 others without a walk, and a Set keeps its deleted entries in the way of
 * its head.
 */
export class LinkedList<T> {
  private head: ListNode<T> | undefined;
  private tail: ListNode<T> | undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get first(): T | undefined {
    return this.head?.value;
  }

  push(value: T): ListNode<T> {
    const node: ListNode<T> = { value, previous: this.tail, next: undefined };
    if (this.tail) this.tail.next = node;
    else this.head = node;
    this.tail = node;
    this.count += 1;
    return node;
  }

  /** Puts a value before those at the end that should come `after` it: as `push` does where none should. */
  insert(value: T, after: (other: T) => boolean): ListNode<T> {
    let previous = this.tail;
    while (previous && after(previous.value)) previous = previous.previous;
    if (previous === this.tail) return this.push(value);
    const next = previous ? previous.next : this.head;
    const node: ListNode<T> = { value, previous, next };
    if (previous) previous.next = node;
    else this.head = node;
    if (next) next.previous = node;
    this.count += 1;
    return node;
  }

  /** Takes out a node of this list. Must be called once a node. */
  remove(node: ListNode<T>): void {
    if (node.previous) node.previous.next = node.next;
    else this.head = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.tail = node.previous;
    this.count -= 1;
  }
}

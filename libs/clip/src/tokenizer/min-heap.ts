/** A binary heap of numbers; `pop` returns the least. */
export class MinHeap {
  private readonly keys: number[] = [];

  push(key: number): void {
    const { keys } = this;
    let at = keys.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = keys[parentAt] ?? key;
      if (parent <= key) break;
      keys[at] = parent;
      at = parentAt;
    }
    keys[at] = key;
  }

  /** Removes and returns the least number; undefined when the heap is empty. */
  pop(): number | undefined {
    const { keys } = this;
    const least = keys[0];
    const last = keys.pop();
    if (last === undefined || keys.length === 0) return least;
    let at = 0;
    for (let childAt = 1; childAt < keys.length; childAt = 2 * at + 1) {
      if ((keys[childAt + 1] ?? Infinity) < (keys[childAt] ?? Infinity)) childAt += 1;
      const child = keys[childAt] ?? Infinity;
      if (child >= last) break;
      keys[at] = child;
      at = childAt;
    }
    keys[at] = last;
    return least;
  }
}

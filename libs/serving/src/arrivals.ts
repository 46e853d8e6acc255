/**
 * Gathers what arrives in the same turn of the event loop into one group: a list that is all there is one call of
 * `take`, and a straggler is a call of its own.
 */
export class Arrivals<T> {
  private gathered: T[] = [];
  private taken: Promise<void> | undefined;

  constructor(private readonly take: (group: T[]) => Promise<void>) {}

  /** Resolves, or rejects, as `take` does for the group that these are in. */
  async add(arrived: readonly T[]): Promise<void> {
    if (arrived.length === 0) return;
    for (const one of arrived) this.gathered.push(one);
    this.taken ??= new Promise((resolve) => setImmediate(() => resolve(this.takeGathered())));
    await this.taken;
  }

  private takeGathered(): Promise<void> {
    const group = this.gathered;
    this.gathered = [];
    this.taken = undefined;
    return this.take(group);
  }
}

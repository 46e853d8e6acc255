/** An entry and its neighbours by last use. */
interface Entry<T> {
  readonly key: string;
  readonly value: T;
  readonly bytes: number;
  older: Entry<T> | undefined;
  newer: Entry<T> | undefined;
}

/**
 * Values by key within a number of bytes: what was used longest ago goes first. Every operation takes the same time
 * however much is kept (a Map alone would not do: finding its first key after many deletions walks over their holes).
 */
export class RecencyStore<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private oldest: Entry<T> | undefined;
  private newest: Entry<T> | undefined;
  private held = 0;

  constructor(private readonly bytesMax: number) {}

  /** Bytes of all that is kept, as `set` was told them. */
  get bytes(): number {
    return this.held;
  }

  /** The value, which counts as used now. */
  get(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry !== this.newest) {
      this.unlink(entry);
      this.append(entry);
    }
    return entry.value;
  }

  /** Keeps `value` in the place of one of the same key. What is larger than everything may be is not kept. */
  set(key: string, value: T, bytes: number): void {
    const former = this.entries.get(key);
    if (former) this.remove(former);
    if (bytes > this.bytesMax) return;
    const entry: Entry<T> = { key, value, bytes, older: undefined, newer: undefined };
    this.entries.set(key, entry);
    this.append(entry);
    this.held += bytes;
    while (this.held > this.bytesMax && this.oldest) this.remove(this.oldest);
  }

  private remove(entry: Entry<T>): void {
    this.entries.delete(entry.key);
    this.unlink(entry);
    this.held -= entry.bytes;
  }

  private append(entry: Entry<T>): void {
    entry.older = this.newest;
    entry.newer = undefined;
    if (this.newest) this.newest.newer = entry;
    else this.oldest = entry;
    this.newest = entry;
  }

  private unlink(entry: Entry<T>): void {
    if (entry.older) entry.older.newer = entry.newer;
    else this.oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else this.newest = entry.older;
  }
}

/** Buckets a doubling: a percentile is exact to 19 %, and to half of that on average. */
const BUCKETS_PER_DOUBLING = 4;
/** Bucket 0 is below a millisecond, the last above a minute. */
const BUCKETS = 1 + 16 * BUCKETS_PER_DOUBLING;

/** How many requests took how long, in buckets that grow: those of several processes and minutes can be summed. */
export class Durations {
  private readonly counts: number[] = Array.from({ length: BUCKETS }, () => 0);
  private total = 0;

  get count(): number {
    return this.total;
  }

  add(durationMs: number): void {
    this.addTo(bucketOf(durationMs), 1);
  }

  /** Takes in what `pairs` gave; what is no such pair is left out. */
  addPairs(pairs: readonly (readonly number[])[]): void {
    for (const [bucket = -1, count = 0] of pairs) if (bucket >= 0 && bucket < BUCKETS) this.addTo(bucket, count);
  }

  /** The buckets that are not empty, with their counts. */
  pairs(): [bucket: number, count: number][] {
    return this.counts.flatMap((count, bucket): [number, number][] => (count === 0 ? [] : [[bucket, count]]));
  }

  /** The duration that `share` of all requests did not exceed, in milliseconds; null where there was none. */
  percentile(share: number): number | null {
    if (this.total === 0) return null;
    let left = share * this.total;
    for (const [bucket, count] of this.counts.entries()) {
      if (count > 0 && left <= count) return within(bucket, left / count);
      left -= count;
    }
    return startOf(BUCKETS - 1);
  }

  private addTo(bucket: number, count: number): void {
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.total += count;
  }
}

function bucketOf(durationMs: number): number {
  if (!(durationMs >= 1)) return 0;
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(durationMs) * BUCKETS_PER_DOUBLING));
}

function startOf(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 1) / BUCKETS_PER_DOUBLING);
}

/** As if the requests of a bucket were spread evenly over it. */
function within(bucket: number, share: number): number {
  return startOf(bucket) + share * (startOf(bucket + 1) - startOf(bucket));
}

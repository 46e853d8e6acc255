import type { Counter } from 'prom-client';
import type { Follow, Instruments } from './instruments.js';

/** The cache of vectors. */
export class CacheMetrics {
  /** Shows how many vectors are kept. */
  readonly followEntries: Follow;
  private readonly hits: Counter<'model' | 'modality'>;
  private readonly misses: Counter<'model' | 'modality'>;
  private bytes = 0;

  constructor(instruments: Instruments) {
    const labels: ('model' | 'modality')[] = ['model', 'modality'];
    this.hits = instruments.counter('clip_cache_hits_total', 'Items answered from the cache of vectors.', labels);
    this.misses = instruments.counter('clip_cache_misses_total', 'Items that were not in the cache.', labels);
    instruments.followed('clip_cache_bytes', 'Memory of the vectors that are kept.')(() => this.bytes);
    this.followEntries = instruments.followed('clip_cache_entries', 'Vectors that are kept.');
    this.followEntries(() => 0);
  }

  onCacheHit(model: string, modality: string): void {
    this.hits.inc({ model, modality });
  }

  onCacheMiss(model: string, modality: string): void {
    this.misses.inc({ model, modality });
  }

  onCacheBytes(bytes: number): void {
    this.bytes = bytes;
  }
}

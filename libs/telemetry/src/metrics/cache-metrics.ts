import type { Counter } from 'prom-client';
import type { Instruments } from './instruments.js';

/** The cache of vectors. */
export class CacheMetrics {
  private readonly hits: Counter<'model' | 'modality'>;
  private readonly misses: Counter<'model' | 'modality'>;
  private entries = 0;
  private bytes = 0;

  constructor(instruments: Instruments) {
    const labels: ('model' | 'modality')[] = ['model', 'modality'];
    this.hits = instruments.counter('clip_cache_hits_total', 'Items answered from the cache of vectors.', labels);
    this.misses = instruments.counter('clip_cache_misses_total', 'Items that were not in the cache.', labels);
    instruments.followed('clip_cache_bytes', 'Memory of the vectors that are kept.')(() => this.bytes);
    instruments.followed('clip_cache_entries', 'Vectors that are kept.')(() => this.entries);
  }

  onCacheHit(model: string, modality: string): void {
    this.hits.inc({ model, modality });
  }

  onCacheMiss(model: string, modality: string): void {
    this.misses.inc({ model, modality });
  }

  onCacheSize(entries: number, bytes: number): void {
    this.entries = entries;
    this.bytes = bytes;
  }
}

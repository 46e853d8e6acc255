import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ServiceMetrics } from './service-metrics.js';

/** The rows of the page's tables of metrics: name, type and labels. */
function documented(): string[] {
  const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  return page.split('\n').flatMap((line) => {
    const [, name, type, labels] = /^\| `(clip_\w+)` +\| (\w+) +\| ([^|]*?) *\|/.exec(line) ?? [];
    return name === undefined ? [] : [`${name} ${type}(${labels})`];
  });
}

describe('the metrics', () => {
  it('are those of docs/operations.md, with their types and labels, and no others', () => {
    const metrics = new ServiceMetrics({ pools: () => [], models: () => [] });
    metrics.close();
    const instruments = metrics.registry.getMetricsAsArray().flatMap((metric) => {
      const labels: unknown = Reflect.get(metric, 'labelNames');
      const isOurs = metric.name.startsWith('clip_') && Array.isArray(labels);
      return isOurs ? [`${metric.name} ${String(metric.type)}(${labels.join(', ')})`] : [];
    });
    expect(documented().sort()).toEqual(instruments.sort());
  });
});

import { Registry, type Metric, type OpenMetricsContentType } from 'prom-client';

/** The metrics as one text. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The metrics in the form that `accept` asks for: OpenMetrics 1.0.0, which has exemplars, for who names it and does not
 * like another better; the classic text of Prometheus for all others.
 *
 * @param accept the Accept header; undefined for none
 */
export async function metricsPage(registry: Registry, accept: string | undefined): Promise<MetricsPage> {
  const shown = wantsOpenMetrics(accept) ? asOpenMetrics(registry) : registry;
  return { contentType: shown.contentType, text: await shown.metrics() };
}

/**
 * The same instruments in a registry for OpenMetrics. It gets a shadow of each: while it writes a counter it takes
 * `_total` from the counter's own name, for good, and the classic text would lack it from then on.
 */
function asOpenMetrics(registry: Registry): Registry<OpenMetricsContentType> {
  const shown = new Registry<OpenMetricsContentType>();
  shown.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    if (metric) shown.registerMetric(shadowOf(metric));
  }
  return shown;
}

/** What is set on it does not reach `metric`; all else is that of `metric`. */
function shadowOf<T extends Metric>(metric: T): T {
  const shadow: T = Object.create(metric);
  return shadow;
}

/** One range of an Accept header (RFC 9110 §12.5.1). */
interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

const OPEN_METRICS = 'application/openmetrics-text';

function wantsOpenMetrics(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(',').map(parseRange);
  const named = ranges.filter(({ type, version = '1.0.0' }) => type === OPEN_METRICS && version === '1.0.0');
  if (named.length === 0) return false;
  const quality = Math.max(...named.map((range) => range.quality));
  return quality > 0 && quality >= qualityOfClassic(ranges);
}

/** What the most specific range that takes the classic text gives it; 0 where none does. */
function qualityOfClassic(ranges: readonly MediaRange[]): number {
  for (const wanted of ['text/plain', 'text/*', '*/*']) {
    const matching = ranges.filter(({ type, version = '0.0.4' }) => type === wanted && version === '0.0.4');
    if (matching.length > 0) return Math.max(...matching.map((range) => range.quality));
  }
  return 0;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const values = new Map(parameters.map((part) => [part.split('=')[0]?.trim(), part.split('=')[1]?.trim()]));
  const quality = Number(values.get('q') ?? 1);
  return { type, version: values.get('version'), quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.js';
import { postJson } from './support/http-call.js';
import { eventually, metric } from './support/server-process.js';

interface Point {
  asDouble?: number;
  count?: number;
  bucketCounts?: number[];
  attributes?: { key: string; value: { stringValue?: string } }[];
}

interface ReceivedMetric {
  name: string;
  unit?: string;
  sum?: { isMonotonic: boolean; aggregationTemporality: number; dataPoints: Point[] };
  gauge?: { dataPoints: Point[] };
  histogram?: { dataPoints: Point[] };
}

interface ExportMessage {
  resourceMetrics: { resource: { attributes: { key: string }[] }; scopeMetrics: { metrics: ReceivedMetric[] }[] }[];
}

/** A collector that keeps what it gets as JSON, or that takes requests and never answers. */
async function collector(answers = true) {
  const exports: ExportMessage[] = [];
  const server = createServer((req, res) => {
    if (!answers) return;
    void json(req).then((body) => {
      exports.push(body as ExportMessage);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    exports,
    last: (name: string): ReceivedMetric | undefined =>
      exports
        .at(-1)
        ?.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .find((one) => one.name === name),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const sending = (endpoint: string) => ({
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${endpoint}/v1/metrics`,
  OTEL_METRIC_EXPORT_INTERVAL: '200',
});

describe('metrics by OTLP', () => {
  it('are those of /metrics, under the same names, each counted once', async () => {
    await using receiver = await collector();
    const server = await startServer({ env: sending(receiver.endpoint) });
    await postJson(server.http('/v1/embeddings'), { input: ['one', 'two'] });
    const counted = () => receiver.last('clip_items_total')?.sum?.dataPoints[0]?.asDouble;
    await eventually('the items are sent', () => counted() === 2);
    expect(await metric(server, 'clip_items_total')).toBe(2);
    expect(receiver.last('clip_items_total')?.sum).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
    expect(receiver.last('clip_replica_up')?.gauge?.dataPoints[0]?.asDouble).toBe(1);
    const duration = receiver.last('clip_request_duration_seconds');
    expect(duration?.unit).toBe('s');
    expect(duration?.histogram?.dataPoints[0]).toMatchObject({ count: 1 });
    expect(duration?.histogram?.dataPoints[0]?.bucketCounts).toHaveLength(15);
    const resource = receiver.exports.at(-1)?.resourceMetrics[0]?.resource.attributes.map(({ key }) => key);
    expect(resource).toEqual(expect.arrayContaining(['service.name', 'service.version', 'service.instance.id']));
    await server.stop();
  });

  it('are sent a last time when the service ends', async () => {
    await using receiver = await collector();
    const env = { ...sending(receiver.endpoint), OTEL_METRIC_EXPORT_INTERVAL: '3600000' };
    const server = await startServer({ env });
    await postJson(server.http('/v1/embeddings'), { input: ['one'] });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.exports).toHaveLength(1);
    expect(receiver.last('clip_items_total')?.sum?.dataPoints[0]?.asDouble).toBe(1);
  });

  it('hold nothing up when the collector never answers, nor when there is none', async () => {
    await using receiver = await collector(false);
    for (const endpoint of [receiver.endpoint, 'http://127.0.0.1:9']) {
      const server = await startServer({ env: sending(endpoint) });
      expect((await postJson(server.http('/v1/embeddings'), { input: 'one' })).status).toBe(200);
      expect(await server.stop()).toEqual({ code: 0, signal: null });
    }
  });

  it('are refused at the start where nobody knows what is asked for', async () => {
    await expect(startServer({ env: { OTEL_METRICS_EXPORTER: 'otpl' } })).rejects.toThrow('OTEL_METRICS_EXPORTER');
  });
});

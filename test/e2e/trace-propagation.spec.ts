import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { startServer } from '../support/server.js';
import { picture as pictureOf } from './support/fixtures.js';

const picture = pictureOf('photo-cat.jpg');
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

/** Span.SpanKind of OTLP. */
const SERVER = 2;

it.each([
  ['tracecontext', undefined],
  ['tracecontext,baggage', 'tenant=blue'],
])('passes on to the host of a picture what OTEL_PROPAGATORS=%s names', async (propagators, baggage) => {
  const asked: IncomingHttpHeaders[] = [];
  const host = createServer((req, res) => {
    asked.push(req.headers);
    res.setHeader('content-type', 'image/jpeg').end(picture);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  await using receiver = await OtlpReceiver.http();
  await using server = await startServer({
    env: {
      CAS_ALLOW_PRIVATE_FETCH: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_PROPAGATORS: propagators,
    },
  });
  const image = `http://127.0.0.1:${(host.address() as AddressInfo).port}/a.jpg`;
  const res = await fetch(server.http('/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent, tracestate: 'vendor=1', baggage: 'tenant=blue' },
    body: JSON.stringify({ input: [{ image }] }),
  });
  expect(res.status).toBe(200);
  const sent = await receiver.until((spans) => {
    const own = spans.filter((span) => span.traceId === traceId);
    return own.some(({ kind }) => kind === SERVER) ? own : undefined;
  });
  host.close();
  const [fields] = asked;
  expect(fields).toMatchObject({ tracestate: 'vendor=1' });
  expect(fields?.['baggage']).toBe(baggage);
  // The span that asked is among those that were sent.
  expect(sent.map(({ spanId }) => `00-${traceId}-${spanId}-01`)).toContain(fields?.['traceparent']);
});

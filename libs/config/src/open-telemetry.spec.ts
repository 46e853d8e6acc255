import { describe, expect, it } from 'vitest';
import { loadOpenTelemetry } from './open-telemetry.js';

describe('loadOpenTelemetry', () => {
  it('records one in a hundred and sends nothing by default; an empty variable counts as unset', () => {
    const settings = loadOpenTelemetry({ OTEL_TRACES_EXPORTER: '', OTEL_TRACES_SAMPLER_ARG: ' ' });
    expect(settings).toMatchObject({
      OTEL_SDK_DISABLED: false,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: 0.01,
      OTEL_TRACES_EXPORTER: undefined,
    });
  });

  it.each([
    ['OTEL_SDK_DISABLED', 'TRUE', true],
    ['OTEL_TRACES_SAMPLER', 'always_on', 'always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '0', 0],
    ['OTEL_TRACES_SAMPLER_ARG', '1.0', 1],
    ['OTEL_TRACES_SAMPLER_ARG', '.25', 0.25],
    ['OTEL_PROPAGATORS', 'tracecontext, baggage', ['tracecontext', 'baggage']],
    ['OTEL_TRACES_EXPORTER', 'otlp,console', ['otlp', 'console']],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'grpc'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '2048', 2048],
  ] as const)('reads %s=%s', (name, text, value) => {
    expect(loadOpenTelemetry({ [name]: text })[name]).toEqual(value);
  });

  it.each([
    ['OTEL_SDK_DISABLED', 'maybe'],
    ['OTEL_TRACES_SAMPLER', 'bogus'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', 'abc'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-0.1'],
    ['OTEL_TRACES_SAMPLER_ARG', '1e-2'],
    ['OTEL_TRACES_SAMPLER_ARG', 'NaN'],
    ['OTEL_PROPAGATORS', 'xray'],
    ['OTEL_PROPAGATORS', 'none,baggage'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_EXPORTER', 'none,otlp'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
  ])('refuses %s=%s and says what it must be', (name, text) => {
    expect(() => loadOpenTelemetry({ [name]: text })).toThrow(`${name} is "${text}"; it must be `);
  });

  it('lists every problem at once', () => {
    const env = { OTEL_TRACES_SAMPLER: 'bogus', OTEL_TRACES_SAMPLER_ARG: '2' };
    expect(() => loadOpenTelemetry(env)).toThrow(/OTEL_TRACES_SAMPLER is "bogus"[^]*OTEL_TRACES_SAMPLER_ARG is "2"/);
  });
});

import { type Kind, oneOf, wholeNumber, withoutCredentials, yesOrNo } from './kinds.js';
import { SettingsError } from './load-settings.js';

/** The samplers of OpenTelemetry that are known here. */
const SAMPLERS = [
  'parentbased_traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'traceidratio',
  'always_on',
  'always_off',
] as const;

const ratio: Kind<number> = {
  allowed: 'a number from 0 to 1, such as 0.01',
  parse: (text) => (/^(0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(text) ? Number(text) : undefined),
};

const httpAddress: Kind<string> = {
  allowed: 'an http or https address, such as http://collector:4318',
  shown: withoutCredentials,
  parse: (text) => (URL.canParse(text) && /^https?:\/\//.test(text) ? text : undefined),
};

/** `none`, or a comma list of other words. */
function listOf<Word extends string>(...words: readonly Word[]): Kind<readonly (Word | 'none')[]> {
  const word = oneOf<Word | 'none'>('none', ...words);
  return {
    allowed: `none, or a comma list of ${words.slice(0, -1).join(', ')} and ${words.at(-1)}`,
    parse: (text) => {
      const found = text.split(',').map((part) => word.parse(part.trim(), ''));
      const known = found.filter((one) => one !== undefined);
      return known.length === found.length && (!known.includes('none') || known.length === 1) ? known : undefined;
    },
  };
}

const protocol = oneOf('grpc', 'http/protobuf', 'http/json');
const milliseconds = wholeNumber(1, 3_600_000, 'milliseconds');

/** A standard variable of OpenTelemetry that is read here, and so checked. */
interface Variable<T> {
  readonly kind: Kind<NonNullable<T>>;
  readonly default?: string;
  /** What it is for, in a sentence. */
  readonly doc: string;
}

/** A variable that always has a value. */
function variable<T>(kind: Kind<T & NonNullable<unknown>>, text: string, doc: string): Variable<T> {
  return { kind, default: text, doc };
}

/** A variable that is `undefined` unless it is set. */
function optionalVariable<T>(kind: Kind<T & NonNullable<unknown>>, doc: string): Variable<T | undefined> {
  return { kind, doc };
}

/** The variables that are read here. The exporters read the rest of OTEL_EXPORTER_OTLP_… themselves. */
export const OTEL_VARIABLES = {
  OTEL_SDK_DISABLED: variable(yesOrNo, 'false', 'true turns tracing off altogether, and the sending of metrics.'),
  OTEL_TRACES_SAMPLER: variable(
    oneOf(...SAMPLERS),
    'parentbased_traceidratio',
    'Which requests are recorded whatever becomes of them. Failed and slow ones are kept besides.',
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(ratio, '0.01', 'The share of requests, for the samplers that take one.'),
  OTEL_PROPAGATORS: variable(
    listOf('tracecontext', 'baggage', 'b3', 'b3multi'),
    'tracecontext',
    'By which fields callers name their span, and what outgoing requests carry. With baggage, what callers send in it goes on to ' +
      'the hosts of image URLs, which other callers may have named.',
  ),
  OTEL_TRACES_EXPORTER: optionalVariable(
    listOf('otlp', 'console'),
    'Where spans are sent. Unset = otlp when an endpoint is set, else none.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalVariable(httpAddress, 'The collector, for all signals.'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optionalVariable(httpAddress, 'Where spans go, as it is.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: variable(protocol, 'http/protobuf', 'How the collector is spoken to.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optionalVariable(protocol, 'The same, for spans alone.'),
  OTEL_BSP_MAX_QUEUE_SIZE: variable(
    wholeNumber(1, 1_000_000),
    '8192',
    'Most spans that wait to be sent; further ones are dropped and counted.',
  ),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: variable(wholeNumber(1, 100_000), '512', 'Most spans that are sent at a time.'),
  OTEL_BSP_SCHEDULE_DELAY: variable(milliseconds, '5000', 'How long spans wait for a batch to fill.'),
  OTEL_BSP_EXPORT_TIMEOUT: variable(milliseconds, '30000', 'How long one batch may take to be sent.'),
  OTEL_METRICS_EXPORTER: variable(
    listOf('otlp', 'console', 'prometheus'),
    'none',
    'Where metrics are sent beside `/metrics` of the ops port, which is there in any case and is what prometheus means.',
  ),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: optionalVariable(httpAddress, 'Where metrics go, as it is.'),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: optionalVariable(protocol, 'How the collector is spoken to, for metrics alone.'),
  OTEL_METRIC_EXPORT_INTERVAL: variable(milliseconds, '60000', 'How often metrics are sent.'),
  OTEL_METRIC_EXPORT_TIMEOUT: variable(
    milliseconds,
    '30000',
    'How long sending them may take; no longer than the interval.',
  ),
};

type OtelVariable = keyof typeof OTEL_VARIABLES;

/** The values of OTEL_VARIABLES: checked and complete. */
export type OpenTelemetrySettings = {
  readonly [Name in OtelVariable]: (typeof OTEL_VARIABLES)[Name] extends Variable<infer T> ? T : never;
};

/**
 * Reads the standard variables of OpenTelemetry. Its own packages take a value that they cannot read for none, and then
 * record everything; here such a value stops the start. An empty variable counts as unset, and case does not matter.
 *
 * @throws SettingsError with every problem at once
 */
export function loadOpenTelemetry(env: NodeJS.ProcessEnv): OpenTelemetrySettings {
  const problems: string[] = [];
  const entries = Object.entries<Variable<unknown>>(OTEL_VARIABLES).map(([name, { kind, default: text }]) => {
    const given = env[name]?.trim() || text;
    const value = given === undefined ? undefined : (kind.parse(given, '') ?? kind.parse(given.toLowerCase(), ''));
    if (given !== undefined && value === undefined) problems.push(`${name} is "${given}"; it must be ${kind.allowed}`);
    return [name, value] as const;
  });
  if (problems.length > 0) throw new SettingsError(problems);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- each value came out of its variable's own kind
  return Object.freeze(Object.fromEntries(entries)) as OpenTelemetrySettings;
}

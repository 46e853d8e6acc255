import type { ExplainedSetting } from './explained-setting.js';
import type { Kind } from './kinds.js';
import { OTEL_VARIABLES } from './open-telemetry.js';
import { hiddenOrShown } from './shown-value.js';

/**
 * The variables of OpenTelemetry: those that are checked here, and others that are set and that the exporters read
 * themselves. Of those only the name is shown, since they carry headers with credentials and paths of keys.
 */
export function explainOpenTelemetry(env: NodeJS.ProcessEnv): ExplainedSetting[] {
  const known = Object.entries<KnownVariable>(OTEL_VARIABLES).map(([name, variable]) => explain(name, variable, env));
  const others = Object.keys(env)
    .filter((name) => name.startsWith('OTEL_') && !(name in OTEL_VARIABLES) && Boolean(env[name]?.trim()))
    .toSorted()
    .slice(0, OTHERS_MAX);
  return [...known, ...others.map((name) => explain(name, OTHER, env))];
}

interface KnownVariable {
  readonly kind: Kind<unknown>;
  readonly default?: string;
  readonly doc: string;
}

/** There are about a hundred in the specification. */
const OTHERS_MAX = 200;

const OTHER: KnownVariable = {
  kind: { allowed: 'what OpenTelemetry says', isSecret: true, parse: (text) => text },
  doc: 'Read by the packages of OpenTelemetry themselves.',
};

function explain(name: string, { kind, default: text, doc }: KnownVariable, env: NodeJS.ProcessEnv): ExplainedSetting {
  const given = env[name]?.trim() || undefined;
  const chosen = given ?? text;
  const parsed = chosen === undefined ? undefined : (kind.parse(chosen, '') ?? kind.parse(chosen.toLowerCase(), ''));
  return {
    ...{ name, group: 'OpenTelemetry', yaml: null, flag: null, doc, allowed: kind.allowed },
    value: parsed === undefined ? null : hiddenOrShown(kind, parsed),
    default: text ?? null,
    isSet: parsed !== undefined,
    isSecret: kind.isSecret === true,
    source: given === undefined ? 'default' : 'environment',
    from: given === undefined ? null : name,
    overridden: [],
    change: 'restart',
  };
}

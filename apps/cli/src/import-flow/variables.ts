import type { Conversion, Placed } from './conversion.js';
import { isTree, lookUp, shown, textOf } from './tree.js';

/** Variables that a part of the Flow sets for its process, by name. */
export type Variables = Readonly<Record<string, Placed>>;

/** The last form is all else between double braces, such as `root.model`, which names a part of the Flow itself. */
const REFERENCE = /\$\{\{\s*(?:(ENV|CONTEXT)\.)?(\w+)\s*\}\}|\$\{(\w+)\}|\$([A-Za-z_]\w*)|\$\{\{([^{}]*)\}\}/gi;

const logLevels: Readonly<Record<string, string>> = {
  DEBUG: 'debug',
  INFO: 'info',
  SUCCESS: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
};

/**
 * Replaces `${{ ENV.NAME }}`, `$NAME` and `${NAME}` by the variables of this environment, as the Python server did with
 * its own. A value whose reference leads nowhere is reported as left out.
 */
export function expandVariables(value: unknown, env: NodeJS.ProcessEnv, result: Conversion, where = ''): unknown {
  if (typeof value === 'string') return expandText(value, env, result, where);
  if (Array.isArray(value))
    return value.map((entry, at) => expandVariables(entry, env, result, `${where}[${at}]`)).filter(isGiven);
  if (!isTree(value)) return value;
  const expanded = Object.entries(value).map(([key, held]) => {
    const path = where === '' ? key : `${where}.${key}`;
    return [key, expandVariables(held, env, result, path)] as const;
  });
  return Object.fromEntries(expanded.filter(([, held]) => isGiven(held)));
}

/**
 * Sets the log level and reports the rest as left out, but for CUDA_VISIBLE_DEVICES, which belongs to the devices.
 *
 * @param parts the strongest first: one process has one log level, so a second one is left out
 */
export function convertVariables(parts: readonly Variables[], result: Conversion): void {
  let chosen: string | undefined;
  for (const [name, { value, where }] of parts.flatMap((part) => Object.entries(part))) {
    if (name === 'CUDA_VISIBLE_DEVICES') continue;
    const level = name === 'JINA_LOG_LEVEL' ? lookUp(logLevels, String(textOf(value)).toUpperCase()) : undefined;
    if (level === undefined) result.leave(where, 'give variables to the process itself, where it knows them');
    else if (chosen === undefined) {
      chosen = level;
      result.set('log_level', level, where);
    } else if (level !== chosen) result.leave(where, `there is one level for the whole service; it is ${chosen}`);
  }
}

function expandText(text: string, env: NodeJS.ProcessEnv, result: Conversion, where: string): string | undefined {
  const missing: string[] = [];
  const replaced = text.replace(REFERENCE, (_all, scope: string | undefined, ...parts: (string | undefined)[]) => {
    const [inBraces, inOne, bare, other] = parts;
    const name = inBraces ?? inOne ?? bare;
    if (name === undefined) missing.push(shown((other ?? '').trim()));
    else if (scope?.toUpperCase() === 'CONTEXT') missing.push(`the context variable ${name}`);
    else if (env[name] === undefined) missing.push(`the variable ${name}`);
    else return env[name];
    return '';
  });
  if (missing.length === 0) return replaced;
  result.leave(
    where,
    `it refers to ${missing.join(' and ')}, which is not known here; write the value itself into the Flow`,
  );
  return undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

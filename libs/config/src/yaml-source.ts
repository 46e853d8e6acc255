import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isNode, LineCounter, parseDocument, type SchemaOptions } from 'yaml';
import { yamlKey } from './setting.js';
import { SETTING_KEYS } from './settings.js';
import { unknownName, type Given, type Source } from './source.js';

/**
 * Reads a YAML file. Keys are the variables without `CAS_`, in lower case; a map inside joins its keys with `_`, so
 * `tls: {cert: a.pem}` is `tls_cert: a.pem`. Lists may be written as lists. Relative paths start at the file's folder.
 */
export function readYaml(file: string): Source {
  const fileName = basename(file);
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(readFileSync(file, 'utf8'), { ...asWritten, lineCounter });
    const [broken] = document.errors;
    if (broken) throw broken;
    const lineOf = (path: readonly string[]): number | undefined => {
      const node: unknown = document.getIn(path, true);
      return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined;
    };
    return fromTree(document.toJS(), lineOf, fileName, dirname(file));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { given: [], problems: [`The configuration file ${file} cannot be read: ${reason}`] };
  }
}

/** @param lineOf the line on which the value under these keys stands */
function fromTree(
  tree: unknown,
  lineOf: (path: readonly string[]) => number | undefined,
  fileName: string,
  baseDir: string,
): Source {
  if (tree === null || tree === undefined) return { given: [], problems: [] };
  if (!isMap(tree)) return { given: [], problems: [`${fileName} must hold a map of settings, such as port: 51000`] };
  const given: Given[] = [];
  const problems: string[] = [];
  for (const { path, value } of leaves(tree, [])) {
    const name = path.join('_');
    const key = SETTING_KEYS.find((candidate) => yamlKey(candidate) === name);
    const text = textOf(value);
    if (key === undefined) problems.push(unknownName(name, ` (in ${fileName})`, SETTING_KEYS.map(yamlKey)));
    else if (text === undefined) problems.push(`${name} in ${fileName} must be a single value or a list of them`);
    else if (text !== '') {
      const line = lineOf(path);
      given.push({
        ...{ key, text, writtenAs: `${name} in ${fileName}`, source: 'file', baseDir },
        ...(line === undefined ? {} : { line }),
      });
    }
  }
  return { given, problems };
}

function leaves(tree: Record<string, unknown>, above: readonly string[]): { path: string[]; value: unknown }[] {
  return Object.entries(tree).flatMap(([part, value]) => {
    const path = [...above, part];
    return isMap(value) ? leaves(value, path) : [{ path, value }];
  });
}

/**
 * Values stay the text that they are written as. What YAML reads as a number may be an identifier or a secret, which
 * loses zeros and digits as a number. Only null, `~` and nothing mean something of their own: unset.
 */
const asWritten: SchemaOptions = { schema: 'failsafe', customTags: ['null'] };

/** The text of a scalar or of a list of scalars; '' (unset) for null. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    const texts = value.map(textOf);
    return texts.includes(undefined) ? undefined : texts.join(',');
  }
  return typeof value === 'string' ? value : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

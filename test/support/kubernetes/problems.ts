import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../server.js';
import { DEFINITIONS, type KubernetesObject } from './manifests.js';

const VERSION = '1.37';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  [keyword: string]: unknown;
}

interface Definition {
  kind: string;
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; deprecated?: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/**
 * What is wrong with objects, by the schemas of their kinds with no unknown field allowed; empty where nothing is.
 */
export async function problemsOf(objects: readonly KubernetesObject[], python: string): Promise<string[]> {
  const defined = new Map(definitions());
  const ofOthers = objects.filter((found) => defined.has(keyOf(found)));
  const own = new Map(
    objects.filter((found) => !defined.has(keyOf(found))).map((found) => [JSON.stringify(found), found]),
  );
  return [
    ...(await problemsOfOwn([...own.values()], python)),
    ...ofOthers.flatMap((found) => problemsBy(defined, found)),
  ];
}

const keyOf = ({ apiVersion, kind }: KubernetesObject) => `${apiVersion} ${kind}`;

async function problemsOfOwn(objects: readonly KubernetesObject[], python: string): Promise<string[]> {
  const child = spawn(python, [join(repositoryRoot, 'test/support/kubernetes/validate.py'), VERSION]);
  child.stdin.end(objects.map((found) => `${JSON.stringify(found)}\n`).join(''));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(err);
  return out.split('\n').filter((line) => line !== '');
}

function problemsBy(defined: ReadonlyMap<string, Schema | undefined>, found: KubernetesObject): string[] {
  const schema = defined.get(keyOf(found));
  if (schema === undefined) return [`${found.kind} ${found.metadata.name}: ${found.apiVersion} is deprecated`];
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  validate(found);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${found.kind} ${found.metadata.name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/**
 * Every served version of every kind that is defined, with its schema closed; none for a version that is deprecated.
 */
function definitions(): [string, Schema | undefined][] {
  return globSync('*.yaml', { cwd: DEFINITIONS })
    .flatMap((file) => parseAllDocuments(readFileSync(join(DEFINITIONS, file), 'utf8')))
    .map((document) => document.toJS() as Definition | null)
    .filter((found) => found?.kind === 'CustomResourceDefinition')
    .flatMap((found) => {
      const { group, names, versions } = found!.spec;
      return versions
        .filter(({ served }) => served)
        .map(({ name, deprecated, schema }): [string, Schema | undefined] => [
          `${group}/${name} ${names.kind}`,
          deprecated === true ? undefined : closed(schema.openAPIV3Schema, true),
        ]);
    });
}

/** The schema as the API server takes it: a field that it does not name is an error, but for `metadata`. */
function closed(schema: Schema, isRoot = false): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]): [string, Schema] => [
    name,
    isRoot && name === 'metadata' ? property : closed(property),
  ]);
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  const { format: _format, ...rest } = schema;
  // Go's expressions may begin with a flag, those of JavaScript may not.
  if (typeof rest['pattern'] === 'string' && rest['pattern'].includes('(?i)')) delete rest['pattern'];
  return {
    ...rest,
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(properties.length > 0 && !open ? { additionalProperties: false } : {}),
    ...(schema.items === undefined ? {} : { items: closed(schema.items) }),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: closed(schema.additionalProperties) }
      : {}),
  };
}

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { call, type HttpAnswer } from './http-call.js';

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
}

interface Content {
  schema?: AnySchema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface DescribedAnswer {
  description: string;
  headers?: Record<string, { $ref?: string; required?: boolean }>;
  content?: Record<string, Content>;
}

/** A route as the document describes it. */
export interface Operation {
  /** `POST /v1/rank` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly security: readonly Record<string, string[]>[];
  readonly requestBody?: { required?: boolean; content: Record<string, Content> };
  readonly responses: Record<string, DescribedAnswer>;
}

type PathItem = { readonly parameters?: readonly Parameter[] } & Readonly<Record<Method, Operation>>;
type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** The `/openapi.json` of a port: what it says, and whether answers are as it says. */
export class ApiDocument {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: true });

  private constructor(readonly json: Json) {
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: DOCUMENT, ...closed(json) });
  }

  static async at(url: string): Promise<ApiDocument> {
    return new ApiDocument((await call(url)).json());
  }

  /** What makes it no OpenAPI document; undefined when it is one. */
  async fault(): Promise<unknown> {
    const { valid, errors } = await new Validator().validate(structuredClone(this.json));
    return valid ? undefined : errors;
  }

  operations(): Operation[] {
    const paths = this.json['paths'] as Record<string, PathItem>;
    return Object.entries(paths).flatMap(([path, { parameters = [], ...methods }]) =>
      Object.entries(methods).map(([word, operation]) => {
        const method = word.toUpperCase();
        const all = [...parameters, ...(operation.parameters ?? [])];
        return { ...operation, name: `${method} ${path}`, method, path, parameters: all };
      }),
    );
  }

  /** In what `answer` differs from what the document says of it; nothing when it is as described. */
  differences({ responses }: Operation, answer: HttpAnswer): string[] {
    const described = responses[String(answer.status)];
    if (described === undefined) return [`the status ${answer.status} is not described: ${answer.text.slice(0, 300)}`];
    return [...this.missingHeaders(described, answer), ...this.bodyDifferences(described, answer)];
  }

  /** Why `value` is not as `schema`, which stands in the document, says; undefined when it is. */
  mismatch(schema: AnySchema, value: unknown): string | undefined {
    const check = this.ajv.compile(absolute(closed(schema)));
    return check(value) ? undefined : this.ajv.errorsText(check.errors);
  }

  private missingHeaders(described: DescribedAnswer, answer: HttpAnswer): string[] {
    return Object.entries(described.headers ?? {})
      .filter(([name, header]) => this.resolved(header)['required'] === true && !(name.toLowerCase() in answer.headers))
      .map(([name]) => `the header ${name} is missing`);
  }

  private bodyDifferences({ content }: DescribedAnswer, answer: HttpAnswer): string[] {
    if (content === undefined) return answer.bytes.length === 0 ? [] : ['there is a content, but none is described'];
    const type = answer.headers['content-type']?.split(';')[0] ?? 'none';
    const expected = content[type];
    if (expected === undefined) return [`the content type ${type} is not described`];
    if (expected.schema === undefined || type !== 'application/json') return [];
    const mismatch = this.mismatch(expected.schema, answer.json());
    return mismatch === undefined ? [] : [`${mismatch}: ${answer.text.slice(0, 300)}`];
  }

  private resolved(value: { $ref?: string }): Json {
    if (value.$ref === undefined) return value as Json;
    const names = value.$ref.replace('#/', '').split('/');
    return names.reduce<unknown>((node, name) => (node as Json)[name], this.json) as Json;
  }
}

const DOCUMENT = 'https://cas.test/openapi.json';

/** Objects whose fields are listed have no others: what is answered must be described. */
function closed<Node>(node: Node): Node {
  if (Array.isArray(node)) return node.map(closed) as Node;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, key === 'example' ? value : closed(value)]);
  const isOpen = 'properties' in node && 'type' in node && !('additionalProperties' in node);
  return { ...Object.fromEntries(entries), ...(isOpen ? { additionalProperties: false } : {}) } as Node;
}

/** References inside of the document, from outside of it. */
function absolute(schema: AnySchema): AnySchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`)) as AnySchema;
}

/**
 * The bodies that the document gives as examples, by their names; one without a name for a route that takes no body.
 */
export function bodyExamples({ requestBody }: Operation): [name: string, value: unknown][] {
  if (requestBody === undefined) return [['', undefined]];
  const { examples = {} } = requestBody.content['application/json'] ?? {};
  return Object.entries(examples).map(([name, { value }]) => [name, value]);
}

/**
 * The path with the examples of its parameters, or with `given` ones; required and given parameters of the query
 * follow.
 */
export function addressOf({ path, parameters }: Operation, given: Readonly<Record<string, string>> = {}): string {
  const valueOf = (parameter: Parameter) => given[parameter.name] ?? parameter.example;
  const query = new URLSearchParams();
  let address = path;
  for (const parameter of parameters) {
    const value = valueOf(parameter);
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
    else if (parameter.in === 'query' && value !== undefined) query.set(parameter.name, String(value));
  }
  return query.size === 0 ? address : `${address}?${query}`;
}

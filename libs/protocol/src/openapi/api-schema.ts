import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema of the API's document: OpenAPI 3.1, which is JSON Schema 2020-12. */
export type ApiSchema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** A reference to one of API_SCHEMAS by its name. */
export function schemaNamed(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object that has all of `properties` and, as far as this version goes, no others. */
export function answerObject(
  properties: Readonly<Record<string, ApiSchema>>,
  optional: Readonly<Record<string, ApiSchema>> = {},
): ApiSchema {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}

/** `null` counts as left out. */
export const NULL: ApiSchema = { type: 'null' };

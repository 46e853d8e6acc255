import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { API_SCHEMAS } from '../server/document-api.js';

const ajv = new Ajv2020({ strict: false, allErrors: false });
formats.default(ajv);
ajv.addSchema({ $id: 'https://cas.test/openapi.json', components: { schemas: API_SCHEMAS } });

/** For specs: whether a value is what the schema of this name in the API's document says. */
export function fitsSchema(name: string, value: unknown): boolean {
  const check = ajv.getSchema(`https://cas.test/openapi.json#/components/schemas/${name}`);
  if (!check) throw new Error(`The document has no schema ${name}.`);
  return check(value) === true;
}

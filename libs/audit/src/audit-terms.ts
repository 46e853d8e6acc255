import { z } from 'zod';
import { beginningWith, containing } from '#database';

const TERMS_MAX = 16;
/** Values of all conditions together: a page looks through 20,000 events, and compares each with all of them. */
const VALUES_MAX = 16;
const CHARS_MAX = 400;

const valuesIn =
  (...columns: string[]) =>
  (name: string) =>
    columns.map((column) => `event.${column} = :${name}`).join(' OR ');

const partOf = (name: string): string =>
  ['actorName', 'action', 'targetName', 'targetId', 'fromAddress']
    .map((column) => `LOWER(event.${column}) LIKE :${name} ESCAPE '!'`)
    .join(' OR ');

/** What each key is compared with in SQL, and the form of a value there. */
const KEYS = {
  actor: { sql: valuesIn('actorId', 'actorName'), form: asIs },
  by: { sql: valuesIn('actorKind'), form: asIs },
  action: { sql: (name: string) => `event.action LIKE :${name} ESCAPE '!'`, form: beginningWith },
  target: { sql: valuesIn('targetId', 'targetName'), form: asIs },
  address: { sql: valuesIn('fromAddress'), form: asIs },
  text: { sql: partOf, form: (text: string) => containing(text).toLowerCase() },
} as const;

/** A list of conditions that all hold. */
export const auditTermsSchema = z
  .array(
    z.strictObject({
      /**
       * `actor` and `target`: an id or a name; `by`: what kind of actor; `action`: one or its beginning; `text`: a part
       * of a name, an action or an address.
       */
      key: z.enum(['actor', 'by', 'action', 'target', 'address', 'text']),
      not: z.boolean().default(false),
      /** One of these. */
      any: z.array(z.string().min(1).max(CHARS_MAX)).min(1).max(VALUES_MAX),
    }),
  )
  .max(TERMS_MAX)
  .refine((terms) => terms.reduce((sum, { any }) => sum + any.length, 0) <= VALUES_MAX);

/** One condition on events of the trail. */
export type AuditTerm = z.infer<typeof auditTermsSchema>[number];

/** The condition in SQL over the alias `event`, with its values, whose names have `at` in them. */
export function conditionOf({ key, not, any }: AuditTerm, at: number): [sql: string, values: Record<string, string>] {
  const { sql, form } = KEYS[key];
  const names = any.map((_, which) => `term${at}of${which}`);
  const condition = names.map((name) => sql(name)).join(' OR ');
  const values = Object.fromEntries(any.map((value, which) => [names[which] ?? '', form(value)]));
  // An event without an address is not one from it.
  return [not ? `(${condition}) IS NOT TRUE` : `(${condition})`, values];
}

function asIs(text: string): string {
  return text;
}

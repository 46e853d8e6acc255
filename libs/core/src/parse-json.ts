/**
 * Parses JSON of unknown content, for a reader that checks what it holds. Undefined, which JSON never is, for a text
 * that is no JSON.
 *
 * @example
 * const { data } = schema.safeParse(parseJson(text));
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

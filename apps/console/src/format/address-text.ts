/** Longest text that an address of ours holds. */
const CHARS_MAX = 200;

/**
 * `{[key]: text}` for a text of an address, cut after `charsMax`; nothing where there is none. Digits that somebody has
 * typed into the address bar are read as a number, and are a text here.
 */
export function addressField<Key extends string>(
  key: Key,
  value: unknown,
  charsMax = CHARS_MAX,
): { readonly [Name in Key]?: string } {
  const given = typeof value === 'number' ? String(value) : value;
  const text = typeof given === 'string' ? given.slice(0, charsMax) : '';
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- one key, which is the given one
  return (text === '' ? {} : { [key]: text }) as { readonly [Name in Key]?: string };
}

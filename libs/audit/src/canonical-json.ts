/**
 * JSON with the keys of every object in the order of their UTF-16 code units and no spaces, so that equal values are equal texts
 * (the idea of RFC 8785, for the values that audit events hold). What JSON cannot say (undefined, functions) is left out.
 *
 * @throws TypeError for a value that is undefined, holds itself or has a bigint in it
 */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('There is no JSON for undefined.');
  return sorted(JSON.parse(text));
}

/** Written out by hand: an object of JavaScript puts keys such as "10" before all others, in whatever order they came. */
function sorted(json: unknown): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${json.map(sorted).join(',')}]`;
  const entries = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`).join(',')}}`;
}

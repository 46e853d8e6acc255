/**
 * A line of what `printRoutes({ commonPrefix: false })` of Fastify prints: how deep, a part of a path, and its methods.
 */
const LINE = /^(?<indent>[│ ]*)[├└]── (?<part>.*?) \((?<methods>[A-Z, ]+)\)$/;

/** The routes of a Fastify, as `GET /v1/models/*`, without those for HEAD, which follow from GET. */
export function routesIn(printed: string): string[] {
  const parts: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const { indent = '', part = '', methods = '' } = LINE.exec(line)?.groups ?? {};
    if (part === '') return [];
    parts.splice(indent.length / 4, Infinity, part);
    const path = parts
      .join('')
      .replace(/\/\//g, '/')
      .replace(/\/?\*$/, '/*'); // the tree leaves out the slash before a wildcard
    const named = methods.split(', ').filter((method) => method !== 'HEAD');
    return named.map((method) => `${method} ${path}`);
  });
}

/**
 * The methods that a server answers at each path. It tells a path that does not exist from one that has other methods.
 *
 * @example
 * routes.add('GET', '/v1/models/:name');
 * routes.othersAt('POST', '/v1/models/clip'); // ['GET']
 */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly segments: readonly string[] }[] = [];

  /** @param pattern the path, where `:name` stands for one segment and `*` at the end for whatever follows */
  add(method: string, pattern: string): void {
    this.routes.push({ method, segments: segmentsOf(pattern) });
  }

  /** The methods of the path of `url`, when `method` is not among them; empty otherwise. */
  othersAt(method: string, url: string): string[] {
    const methods = this.methodsAt(url);
    return methods.includes(method === 'HEAD' ? 'GET' : method) ? [] : methods;
  }

  /**
   * The methods of the path of `url`; empty where nothing is. The query, the fragment and a slash at the end do not
   * count.
   */
  methodsAt(url: string): string[] {
    const given = segmentsOf(url.replace(/[?#].*$/s, ''));
    const methods = this.routes.filter(({ segments }) => fits(given, segments)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

function segmentsOf(path: string): string[] {
  return path.replace(/^\/|\/$/g, '').split('/');
}

function fits(given: readonly string[], segments: readonly string[]): boolean {
  const isOpen = segments.at(-1) === '*';
  if (isOpen ? given.length < segments.length : given.length !== segments.length) return false;
  return segments.every(
    (segment, at) => segment === '*' || (segment.startsWith(':') && given[at] !== '') || segment === given[at],
  );
}

/** The routes that Swagger itself registers. */
const DOCUMENTATION = /^\/(docs(\/.*)?|openapi\.json)$/;

/**
 * Whether a route is one of Swagger's own, which cannot declare what it needs and shows only how the API looks: both
 * APIs leave those open to everybody.
 *
 * @param methods the methods of the route; all of them must be for reading
 */
export function isDocumentation(methods: readonly string[], url: string): boolean {
  return methods.every((method) => method === 'GET' || method === 'HEAD') && DOCUMENTATION.test(url);
}

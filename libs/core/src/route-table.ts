/** Which methods a server answers at which paths, to tell a path that is not there from one that has other methods. */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly segments: readonly string[] }[] = [];

  /** @param pattern the path, where `:name` stands for one segment and `*` at the end for whatever follows */
  add(method: string, pattern: string): void {
    this.routes.push({ method, segments: segmentsOf(pattern) });
  }

  /** The methods that are answered at the path of `url` instead of `method`; none where nothing is, or where `method` itself has a route. */
  othersAt(method: string, url: string): string[] {
    const methods = this.methodsAt(url);
    return methods.includes(method === 'HEAD' ? 'GET' : method) ? [] : methods;
  }

  /** The methods at the path of `url`, whose query and fragment do not count, nor does a slash at its end; none where nothing is. */
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

const KEY = 'cas-next';

/** Keeps in this tab where the person wants to go, while the provider of single sign-on has the browser. */
export function rememberNext(path: string | undefined): void {
  if (path === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, path);
}

/** Where the person wanted to go before single sign-on; undefined when that is done, or nothing was remembered. */
export function takeNext(): string | undefined {
  const path = ownPath(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  return path;
}

/**
 * The path if it leads to a page of the console; undefined for any other: no link may lead from the log-in to another
 * site. To be asked where the path is followed, since the router hands out what `validateSearch` has left out, too.
 */
export function ownPath(path: unknown): string | undefined {
  const { origin } = window.location;
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, origin)) return undefined;
  const url = new URL(path, origin);
  return url.origin === origin && !url.pathname.startsWith('//') ? path : undefined;
}

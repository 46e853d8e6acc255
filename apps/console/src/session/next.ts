const KEY = 'cas-next';

/** Keeps in this tab where the person wants to go, while the provider of single sign-on has the browser. */
export function rememberNext(path: string | undefined): void {
  if (path === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, path);
}

/** Where the person wanted to go before single sign-on; undefined when that is done, or nothing was remembered. */
export function takeNext(): string | undefined {
  const path = sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.removeItem(KEY);
  return path;
}

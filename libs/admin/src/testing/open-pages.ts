/**
 * Paths that the running server routes and that its document does not name: the pages and the documentation itself.
 * They are open to everybody, since nothing else declares them.
 */
const OPEN_PAGES = /^\/(assets\/:file|mark\.svg|clip-client-constraints\.txt|docs(\/.*)?|openapi\.json)?$/;

/** Whether a route, such as `GET /docs`, is that of an open page. */
export function isOpenPage(route: string): boolean {
  return OPEN_PAGES.test(route.slice(route.indexOf(' ') + 1));
}

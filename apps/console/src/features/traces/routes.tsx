import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { validateTracesSearch } from './search-state.js';

/** The addresses of this feature. */
export function tracesRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/traces',
      validateSearch: validateTracesSearch,
      component: lazyRouteComponent(() => import('./search-page.js'), 'SearchPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/traces/compare',
      validateSearch: validateCompared,
      component: lazyRouteComponent(() => import('./compare-page.js'), 'ComparePage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/traces/$id',
      validateSearch: validateSpan,
      component: lazyRouteComponent(() => import('./trace-page.js'), 'TracePage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/batches/$id',
      component: lazyRouteComponent(() => import('./batch-page.js'), 'BatchPage'),
    }),
  ] as const;
}

/** Two requests, by their ids. */
function validateCompared({ a, b }: Record<string, unknown>): { a?: string; b?: string } {
  return { ...(a === undefined ? {} : { a: String(a) }), ...(b === undefined ? {} : { b: String(b) }) };
}

/** Which request of the trace is shown, and which of its spans is open. */
function validateSpan({ request, span }: Record<string, unknown>): { request?: string; span?: string } {
  return {
    ...(request === undefined ? {} : { request: String(request) }),
    ...(span === undefined ? {} : { span: String(span) }),
  };
}

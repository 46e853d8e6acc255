import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function tracesRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/traces',
      component: lazyRouteComponent(() => import('./page.js'), 'TracesPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/traces/$id',
      component: lazyRouteComponent(() => import('./page.js'), 'TracePage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/batches/$id',
      component: lazyRouteComponent(() => import('./page.js'), 'BatchPage'),
    }),
  ] as const;
}

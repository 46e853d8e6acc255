import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { usageSearchOf } from './usage-search.js';

/** The addresses of this feature. */
export function usageRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/usage',
      validateSearch: usageSearchOf,
      component: lazyRouteComponent(() => import('./page.js'), 'UsagePage'),
    }),
  ] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { validateOverviewSearch } from './overview-query.js';

/** The addresses of this feature. */
export function overviewRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/',
      validateSearch: validateOverviewSearch,
      component: lazyRouteComponent(() => import('./page.js'), 'OverviewPage'),
    }),
  ] as const;
}

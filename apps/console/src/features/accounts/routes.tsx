import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseAccountSearch } from './search.js';

/** The addresses of this feature. */
export function accountsRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/accounts',
      validateSearch: parseAccountSearch,
      component: lazyRouteComponent(() => import('./page.js'), 'AccountsPage'),
    }),
  ] as const;
}

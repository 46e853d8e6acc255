import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseTokenSearch } from './search.js';

/** The addresses of this feature. */
export function tokensRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/tokens',
      validateSearch: parseTokenSearch,
      component: lazyRouteComponent(() => import('./page.js'), 'TokensPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/tokens/$id',
      component: lazyRouteComponent(() => import('./token-page.js'), 'TokenPage'),
    }),
  ] as const;
}

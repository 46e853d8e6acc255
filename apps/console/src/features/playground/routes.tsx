import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { playgroundSearch } from './search.js';

/** The addresses of this feature. */
export function playgroundRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/playground',
      validateSearch: playgroundSearch,
      component: lazyRouteComponent(() => import('./page.js'), 'PlaygroundPage'),
    }),
  ] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function accountRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/account',
      component: lazyRouteComponent(() => import('./page.js'), 'AccountPage'),
    }),
  ] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function usageRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/usage',
      component: lazyRouteComponent(() => import('./page.js'), 'UsagePage'),
    }),
  ] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function limitsRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/limits',
      component: lazyRouteComponent(() => import('./page.js'), 'LimitsPage'),
    }),
  ] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function replicasRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/replicas',
      component: lazyRouteComponent(() => import('./page.js'), 'ReplicasPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/replicas/$model',
      component: lazyRouteComponent(() => import('./pool-page.js'), 'PoolPage'),
    }),
  ] as const;
}

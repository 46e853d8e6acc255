import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function auditRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/audit',
      component: lazyRouteComponent(() => import('./page.js'), 'AuditPage'),
    }),
  ] as const;
}

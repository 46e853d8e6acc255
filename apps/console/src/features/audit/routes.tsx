import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { auditSearchOf } from './audit-search.js';

/** The addresses of this feature. */
export function auditRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/audit',
      validateSearch: auditSearchOf,
      component: lazyRouteComponent(() => import('./page.js'), 'AuditPage'),
    }),
  ] as const;
}

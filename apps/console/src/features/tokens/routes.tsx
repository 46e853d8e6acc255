import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function tokensRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/tokens',
      component: lazyRouteComponent(() => import('./page.js'), 'TokensPage'),
    }),
  ] as const;
}

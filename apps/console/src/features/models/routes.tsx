import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';

/** The addresses of this feature. */
export function modelsRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/models',
      component: lazyRouteComponent(() => import('./page.js'), 'ModelsPage'),
    }),
  ] as const;
}

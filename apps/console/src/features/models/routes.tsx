import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseModelsSearch } from './search.js';

/** The addresses of this feature. */
export function modelsRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/models',
      validateSearch: parseModelsSearch,
      component: lazyRouteComponent(() => import('./page.js'), 'ModelsPage'),
    }),
  ] as const;
}

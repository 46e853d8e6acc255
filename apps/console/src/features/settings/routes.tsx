import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { settingsSearchOf } from './settings-search.js';

/** The addresses of this feature. */
export function settingsRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/settings',
      validateSearch: settingsSearchOf,
      component: lazyRouteComponent(() => import('./page.js'), 'SettingsPage'),
    }),
  ] as const;
}

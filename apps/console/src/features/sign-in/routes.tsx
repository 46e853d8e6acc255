import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ownPath } from '../../session/next.js';

/** Pages for people who are not logged in: log-in, set-up, and the links of invitations and resets. */
export function signInRoutes<Parent extends AnyRoute>(parent: Parent) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: '/login',
      validateSearch: ({ next }: Record<string, unknown>): { next?: string } => {
        const path = ownPath(next);
        return path === undefined ? {} : { next: path };
      },
      component: lazyRouteComponent(() => import('./log-in-page.js'), 'LogInPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/setup',
      component: lazyRouteComponent(() => import('./set-up-page.js'), 'SetUpPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/invite',
      component: lazyRouteComponent(() => import('./link-page.js'), 'InvitationPage'),
    }),
    createRoute({
      getParentRoute: () => parent,
      path: '/reset',
      component: lazyRouteComponent(() => import('./link-page.js'), 'ResetPage'),
    }),
  ] as const;
}

import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api/failure.js';
import { queryClient } from './api/query-client.js';
import { accountRoutes } from './features/account/routes.js';
import { accountsRoutes } from './features/accounts/routes.js';
import { auditRoutes } from './features/audit/routes.js';
import { limitsRoutes } from './features/limits/routes.js';
import { modelsRoutes } from './features/models/routes.js';
import { overviewRoutes } from './features/overview/routes.js';
import { playgroundRoutes } from './features/playground/routes.js';
import { replicasRoutes } from './features/replicas/routes.js';
import { settingsRoutes } from './features/settings/routes.js';
import { signInRoutes } from './features/sign-in/routes.js';
import { tokensRoutes } from './features/tokens/routes.js';
import { tracesRoutes } from './features/traces/routes.js';
import { usageRoutes } from './features/usage/routes.js';
import { Frame } from './frame/frame.js';
import { NotFound } from './frame/not-found.js';
import { PageProblem } from './frame/page-problem.js';
import { takeNext } from './session/next.js';
import { sessionQuery } from './session/use-session.js';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Everything that needs a log-in, inside of the frame. Who has none goes to the log-in and comes back here. */
const framed = createRoute({
  getParentRoute: () => root,
  id: 'framed',
  beforeLoad: async ({ context, location }) => {
    await context.queryClient.ensureQueryData(sessionQuery).catch((err: unknown) => {
      if (!(err instanceof ApiFailure && err.status === 401)) throw err;
      redirect({ to: '/login', search: { next: location.href }, throw: true });
    });
    const next = takeNext();
    if (next !== undefined) redirect({ href: next, throw: true });
  },
  component: Frame,
  errorComponent: PageProblem,
});

const tree = root.addChildren([
  ...signInRoutes(root),
  framed.addChildren([
    ...overviewRoutes(framed),
    ...playgroundRoutes(framed),
    ...tokensRoutes(framed),
    ...modelsRoutes(framed),
    ...replicasRoutes(framed),
    ...tracesRoutes(framed),
    ...usageRoutes(framed),
    ...limitsRoutes(framed),
    ...auditRoutes(framed),
    ...accountsRoutes(framed),
    ...accountRoutes(framed),
    ...settingsRoutes(framed),
  ]),
]);

/** All addresses of the console. Each feature has its own, in its `routes.tsx`, with its pages as chunks. */
export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultErrorComponent: PageProblem,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

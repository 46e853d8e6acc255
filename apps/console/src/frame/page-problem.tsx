import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { errorOf } from '../api/error-of.js';
import { Page } from '../ui/page.js';
import { Problem } from '../ui/problem.js';

/** In place of a page that could not be shown; the frame around it goes on working. */
export function PageProblem({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const retry = () => {
    queries.reset();
    reset();
    void router.invalidate();
  };
  return (
    <Page title="This page could not be shown">
      <Problem what="The page could not be shown" error={errorOf(error)} onRetry={retry} />
    </Page>
  );
}

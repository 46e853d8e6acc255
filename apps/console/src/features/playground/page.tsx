import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { readModels, readStatus } from './calls.js';
import { Bench } from './bench.js';
import { playgroundSearch } from './search.js';

const route = getRouteApi('/framed/playground');

/** Tries models on images and texts. */
export function PlaygroundPage(): ReactNode {
  return (
    <Page
      title="Playground"
      lead="Compare pictures with sentences on the models that are served. Pictures stay in the memory of this page and are never stored."
    >
      <Content />
    </Page>
  );
}

function Content(): ReactNode {
  const search = route.useSearch({ select: playgroundSearch });
  const navigate = route.useNavigate();
  const status = useQuery({ queryKey: ['playground', 'status'], queryFn: ({ signal }) => readStatus(signal) });
  const isOpen = status.data?.problem === null;
  const models = useQuery({
    queryKey: ['models', 'playground'],
    queryFn: ({ signal }) => readModels(signal),
    enabled: isOpen,
  });
  const failed = [status, models].find(({ error }) => error);
  if (failed?.error) {
    return <Problem what="The models could not be read" error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  const problem = status.data?.problem;
  if (problem) {
    return (
      <Card>
        <EmptyState title="The playground has no service to call">{problem}</EmptyState>
      </Card>
    );
  }
  if (!status.data || !models.data) return <Loading what="the models" />;
  const [first] = models.data;
  if (first === undefined) {
    return (
      <Card>
        <EmptyState title="No model is served yet">Choose one under Models; then it can be tried here.</EmptyState>
      </Card>
    );
  }
  return (
    <Bench
      models={models.data}
      status={status.data}
      search={search}
      onSearch={(change) =>
        void navigate({ search: (before) => playgroundSearch({ ...before, ...change }), replace: true })
      }
    />
  );
}

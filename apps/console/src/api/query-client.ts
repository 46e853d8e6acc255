import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure.js';

const RETRIES_MAX = 2;

/**
 * The cache of what the API answered. The first element of a query's key is its topic (`tokens`, `models`, …): live
 * events name the topics that changed. A failure that stays the same without a change is not tried again.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => isPassing(error) && failures < RETRIES_MAX,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

function isPassing(error: Error): boolean {
  return !(error instanceof ApiFailure) || error.status === 0 || error.status >= 500;
}

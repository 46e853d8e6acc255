import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.js';

export type Pod = Schemas['PodView'];
export type Pool = Schemas['PodPoolView'];
export type Replica = Schemas['PodReplicaView'];
export type PastRun = Schemas['PastRunView'];

/** Every process of the service, as it last reported. */
export const podsQuery = queryOptions({
  queryKey: ['pods'],
  queryFn: ({ signal }) => answer(api.GET('/api/pods', { signal })),
});

/** The pods that serve models, or should: those that have told nothing yet among them. */
export function servingPods(pods: readonly Pod[]): Pod[] {
  return pods.filter(({ roles }) => roles.includes('inference'));
}

/** A model's pool in each pod that has told of one. */
export function poolsOf(pods: readonly Pod[], model: string): { pod: Pod; pool: Pool }[] {
  return servingPods(pods).flatMap((pod) =>
    (pod.pools ?? []).filter((pool) => pool.model === model).map((pool) => ({ pod, pool })),
  );
}

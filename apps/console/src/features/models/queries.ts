import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.js';

export type ModelsAnswer = Schemas['ModelsAnswer'];
export type Version = Schemas['VersionView'];
export type DesiredModel = Schemas['DesiredModelBody'];
export type PodModels = Schemas['PodModelsView'];
export type CatalogueModel = Schemas['CatalogueModelView'];
export type Pull = Schemas['PullView'];

/** Pods report every two seconds, and no event tells that they did. */
const FOLLOW_MS = 1_500;
const CALM_MS = 4_000;

/** What should be served, and what each pod makes of it; read often while they differ. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => answer(api.GET('/api/models', { signal })),
  refetchInterval: ({ state: { data } }) => (data && data.differs.length > 0 ? FOLLOW_MS : CALM_MS),
});

/** Every model that is known; read often while one is downloaded. */
export const catalogueQuery = queryOptions({
  queryKey: ['models', 'catalogue'],
  queryFn: ({ signal }) => answer(api.GET('/api/catalogue', { signal })),
  refetchInterval: ({ state: { data } }) => (data?.models.some(isBusy) === true ? FOLLOW_MS : CALM_MS),
});

/** The steps that these models would take; the last answer stays while the next one comes. */
export function planQuery(models: readonly DesiredModel[]) {
  return queryOptions({
    queryKey: ['models', 'plan', models],
    queryFn: ({ signal }) => answer(api.POST('/api/models/plan', { signal, body: { models: [...models] } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** What version `to` asks for that `from` did not. */
export function differencesQuery(from: number, to: number) {
  return queryOptions({
    queryKey: ['models', 'differences', from, to],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/models/versions/{from}/diff/{to}', {
          signal,
          params: { path: { from, to } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether a pod downloads or verifies the model now. */
function isBusy({ pods }: Pick<CatalogueModel, 'pods'>): boolean {
  return pods.some(({ pull, verification }) => pull?.endedAtMs === null || verification?.endedAtMs === null);
}

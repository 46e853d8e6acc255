import type { ModelFilesPart, ModelsPart, PodView, PullReport } from '#pods';
import type { CatalogueModel } from '#serving';
import type { CatalogueModelView, ModelOnPodView, PullView, ServingPodView, SpeedView } from './catalogue.dto.js';

/** The pods that serve models or should. */
export function servingPods(pods: readonly PodView[]): PodView[] {
  return pods.filter(({ roles }) => roles.includes('inference'));
}

export function servingPodView({ name, answers, reason, reportedAtMs }: PodView): ServingPodView {
  return { name, answers, reason, reportedAtMs };
}

/** Every model of the catalogue with what the pods tell of it, then the models that only pods know. */
export function catalogueViews(
  catalogue: readonly CatalogueModel[],
  pods: readonly PodView[],
  desired: ReadonlySet<string>,
): CatalogueModelView[] {
  const known = new Set(catalogue.flatMap(({ name, aliases }) => [name, ...aliases]));
  const others = new Set(pods.flatMap(namesOn).filter((name) => !known.has(name)));
  const listed = catalogue.map((model) => {
    const names = [model.name, ...model.aliases];
    return viewOf({ ...model, source: 'catalogue' }, names, pods, desired);
  });
  const own = [...others].sort().map((name) => viewOf(unlisted(name, catalogue), [name], pods, desired));
  return [...listed, ...own];
}

/** The downloads of all pods, those under way first. */
export function pullViews(pods: readonly PodView[]): PullView[] {
  const all = pods.flatMap(({ name, report }) => (report.modelFiles?.pulls ?? []).map((pull) => pullView(name, pull)));
  return all.sort((a, b) => (b.endedAtMs ?? Infinity) - (a.endedAtMs ?? Infinity) || b.startedAtMs - a.startedAtMs);
}

type Listed =
  CatalogueModel | (Omit<CatalogueModel, 'licence' | 'bytes'> & { licence: string | null; bytes: number | null });

/** A model outside the catalogue; a variant of one of its models has its licence and page. */
function unlisted(name: string, catalogue: readonly CatalogueModel[]): Listed & { source: 'own' } {
  const of = catalogue.find((model) => model.variants.some((variant) => name === `${model.name}@${variant}`));
  const nothing = { aliases: [], variants: [], bytes: null, note: null, source: 'own' } as const;
  const facts = { dimension: null, imageSize: null, contextLength: null, tokenizer: null };
  if (!of) return { ...nothing, ...facts, name, licence: null, repository: null, page: null };
  return { ...of, ...nothing, name };
}

function viewOf(
  model: Listed & { readonly source: 'catalogue' | 'own' },
  names: readonly string[],
  pods: readonly PodView[],
  desired: ReadonlySet<string>,
): CatalogueModelView {
  const onPods = pods.flatMap((pod) => onPod(names, pod));
  const here = pods.flatMap(({ report }) => hereOf(names, report.modelFiles) ?? [])[0];
  const bytes = here?.bytes ?? model.bytes;
  return {
    ...{ name: model.name, aliases: [...model.aliases], source: model.source, licence: model.licence },
    ...{ bytes, isEstimate: bytes !== null && here?.bytes == null },
    dimension: model.dimension ?? here?.dimension ?? null,
    imageSize: model.imageSize ?? here?.imageSize ?? null,
    contextLength: here?.contextLength ?? model.contextLength,
    tokenizer: model.tokenizer ?? here?.tokenizer ?? null,
    ...{ repository: model.repository, page: model.page, variants: [...model.variants], note: model.note },
    isDesired: names.some((name) => desired.has(name)),
    speed: speedOf(names, pods),
    pods: onPods,
  };
}

/** None where the pod has nothing to do with the model. */
function onPod(names: readonly string[], { name: pod, report }: PodView): ModelOnPodView[] {
  const files = report.modelFiles;
  const here = hereOf(names, files);
  const served = servedOf(names, report.models);
  const pull = files?.pulls.find(({ model }) => names.includes(model));
  const verified = files?.verifications.find(({ model }) => names.includes(model));
  if (!here && !served && !pull && !verified) return [];
  return [
    {
      ...{ pod, place: here?.place ?? null, bytes: here?.bytes ?? null, served: served?.state ?? null },
      textsPerSecond: served?.textsPerSecond ?? null,
      imagesPerSecond: served?.imagesPerSecond ?? null,
      pull: pull ? pullView(pod, pull) : null,
      verification: verified ? { ...verified, problems: verified.problems.map((problem) => ({ ...problem })) } : null,
    },
  ];
}

function speedOf(names: readonly string[], pods: readonly PodView[]): SpeedView {
  const answering = pods.filter(({ answers }) => answers);
  const served = answering.flatMap(({ report }) => servedOf(names, report.models) ?? []);
  const textsPerSecond = sumOf(served.map((each) => each.textsPerSecond));
  const imagesPerSecond = sumOf(served.map((each) => each.imagesPerSecond));
  const replicas = served.reduce((sum, each) => sum + each.replicasReady, 0);
  const isMeasured = textsPerSecond !== null || imagesPerSecond !== null;
  const reason =
    answering.length === 0
      ? 'No pod that serves models answers.'
      : served.length === 0
        ? 'It is not served, so nothing was measured here.'
        : 'None of its replicas is ready yet.';
  return { textsPerSecond, imagesPerSecond, replicas, reason: isMeasured ? null : reason };
}

function sumOf(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0);
}

function namesOn({ report }: PodView): string[] {
  const { here = [], pulls = [] } = report.modelFiles ?? {};
  const served = report.models?.served ?? [];
  return [...here.map(({ name }) => name), ...served.map(({ name }) => name), ...pulls.map(({ model }) => model)];
}

function hereOf(names: readonly string[], files: ModelFilesPart | undefined) {
  return files?.here.find(({ name }) => names.includes(name));
}

function servedOf(names: readonly string[], models: ModelsPart | undefined) {
  return models?.served.find(({ name, state }) => names.includes(name) && state !== 'leaving');
}

function pullView(pod: string, pull: PullReport): PullView {
  return { pod, ...pull };
}

import { formatLimits, formatReplicas, type DesiredModel, type ServingDefaults } from '#inference';
import type { ModelFacts } from './model-facts.js';

/** One difference between two states of the models, for people and for programs. */
export interface VersionDifference {
  /** `vectors`: what requests that name no model get is no longer comparable with what they got. */
  readonly kind: 'added' | 'removed' | 'replicas' | 'limits' | 'default' | 'vectors';
  readonly model: string;
  readonly text: string;
}

/** What the differences are told from, beside the two states. */
export interface DifferenceParts {
  /** For what a model leaves open. */
  readonly defaults: ServingDefaults;
  /** The facts of the models that are the default before or after, by name. */
  readonly facts: ReadonlyMap<string, ModelFacts>;
}

/**
 * What is other in `after` than in `before`, in sentences of the words that plans have. None when both ask for the
 * same.
 *
 * @example
 * versionDifferences(one.models, other.models, { defaults, facts: new Map() }).map(({ text }) => text);
 */
export function versionDifferences(
  before: readonly DesiredModel[],
  after: readonly DesiredModel[],
  parts: DifferenceParts,
): VersionDifference[] {
  return [
    ...after.flatMap((model) => {
      const was = before.find(({ name }) => name === model.name);
      return was ? changes(was, model, parts.defaults) : [added(model)];
    }),
    ...before.filter(({ name }) => !after.some((model) => model.name === name)).map(removed),
    ...defaultChanges(before, after, parts.facts),
  ];
}

/** The names of the default models of both states, where they differ: whose facts are needed. */
export function changedDefaults(before: readonly DesiredModel[], after: readonly DesiredModel[]): string[] {
  const [was, is] = [defaultOf(before), defaultOf(after)];
  return was !== undefined && is !== undefined && was !== is ? [was, is] : [];
}

function added(model: DesiredModel): VersionDifference {
  return { kind: 'added', model: model.name, text: `${model.name} is added, with ${formatReplicas(model)}.` };
}

function removed({ name }: DesiredModel): VersionDifference {
  return { kind: 'removed', model: name, text: `${name} is taken out of service.` };
}

function changes(was: DesiredModel, is: DesiredModel, defaults: ServingDefaults): VersionDifference[] {
  const { name: model } = is;
  const [replicasBefore, replicas] = [formatReplicas(was), formatReplicas(is)];
  const [limitsBefore, limits] = [limitsOf(was, defaults), limitsOf(is, defaults)];
  return [
    ...(replicas === replicasBefore
      ? []
      : [{ kind: 'replicas', model, text: `${model} has ${replicas} instead of ${replicasBefore}.` } as const]),
    ...(limits === limitsBefore
      ? []
      : [{ kind: 'limits', model, text: `The limits of ${model}: ${limits}, instead of ${limitsBefore}.` } as const]),
  ];
}

function limitsOf({ batchItemsMax, rssBytesMax }: DesiredModel, defaults: ServingDefaults): string {
  return formatLimits({
    batchItemsMax: batchItemsMax ?? defaults.batchItemsMax,
    rssBytesMax: rssBytesMax ?? defaults.rssBytesMax,
  });
}

function defaultChanges(
  before: readonly DesiredModel[],
  after: readonly DesiredModel[],
  facts: ReadonlyMap<string, ModelFacts>,
): VersionDifference[] {
  const [was, is] = changedDefaults(before, after);
  if (was === undefined || is === undefined) return [];
  const vectors = vectorTexts(was, is, facts.get(was), facts.get(is));
  return [
    { kind: 'default', model: is, text: `${is} is the default instead of ${was}: requests that name no model get it.` },
    ...vectors.map((text) => ({ kind: 'vectors', model: is, text }) as const),
  ];
}

/** Vectors of two models never match, even where they are of one length: only then does nobody notice by an error. */
function vectorTexts(was: string, is: string, before?: ModelFacts, after?: ModelFacts): string[] {
  const lengths = told(before?.dimension, after?.dimension);
  const sizes = told(before?.imageSize, after?.imageSize);
  const contexts = told(before?.contextLength, after?.contextLength);
  const tokenizers = told(before?.tokenizer, after?.tokenizer);
  const stored = `collections of vectors of ${was} stop matching what requests that name no model get`;
  return [
    lengths === undefined
      ? `Vectors of ${is} and ${was} cannot be compared: ${stored}.`
      : lengths.differ
        ? `Vectors have ${lengths.is} dimensions instead of ${lengths.was}: ${stored}.`
        : `Vectors have ${lengths.is} dimensions as before, but those of two models cannot be compared: ${stored}, and no error tells.`,
    ...(sizes?.differ ? [`Pictures are brought to ${sizes.is} pixels instead of ${sizes.was}.`] : []),
    ...(tokenizers?.differ ? [`Texts are read by ${tokenizers.is} instead of ${tokenizers.was}.`] : []),
    ...(contexts?.differ ? [`Texts are cut after ${contexts.is} tokens instead of ${contexts.was}.`] : []),
  ];
}

/** Both values, where both are known. */
function told<T>(was: T | null | undefined, is: T | null | undefined): { was: T; is: T; differ: boolean } | undefined {
  if (was === null || was === undefined || is === null || is === undefined) return undefined;
  return { was, is, differ: was !== is };
}

function defaultOf(models: readonly DesiredModel[]): string | undefined {
  return models.find(({ isDefault }) => isDefault)?.name;
}

import { expect, it } from 'vitest';
import type { CatalogueModel } from '../queries.js';
import { filterCatalogue, inOrder, licencesOf } from './filter.js';

const model = (name: string, more: Partial<CatalogueModel> = {}) =>
  ({ name, aliases: [], pods: [], licence: 'MIT', isDesired: false, ...more }) as unknown as CatalogueModel;
const ON_POD = { pod: 'pod-1', served: null } as CatalogueModel['pods'][number];

const models = [
  model('ViT-B-32::openai', { aliases: ['ViT-B/32'], dimension: 512 }),
  model('RN50::openai', { pods: [ON_POD], dimension: 1024 }),
  model('jina-clip-v2', { licence: 'CC-BY-NC-4.0', isDesired: true }),
];
const names = (found: readonly CatalogueModel[]) => found.map(({ name }) => name);

it('finds models by words of their names and by their dimension, on pods, and by licence', () => {
  expect(names(filterCatalogue(models, { q: 'openai b/32' }))).toEqual(['ViT-B-32::openai']);
  expect(names(filterCatalogue(models, { q: '1024' }))).toEqual(['RN50::openai']);
  expect(names(filterCatalogue(models, { here: true }))).toEqual(['RN50::openai']);
  expect(names(filterCatalogue(models, { licence: 'CC-BY-NC-4.0' }))).toEqual(['jina-clip-v2']);
  expect(filterCatalogue(models, {})).toHaveLength(3);
});

it('has what is served first, then what only pods know; a download moves no row', () => {
  const all = [...models, model('mine', { source: 'own', pods: [ON_POD] })];
  expect(names(inOrder(all))).toEqual(['jina-clip-v2', 'mine', 'ViT-B-32::openai', 'RN50::openai']);
  expect(licencesOf(models)).toEqual(['CC-BY-NC-4.0', 'MIT']);
});

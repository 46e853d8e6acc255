import { lookUp } from './tree.js';

/** OpenAI's models under the names that the Python server had first, before `::openai` told whose weights they are. */
const firstNames: Readonly<Record<string, string>> = {
  'ViT-L-14@336px': 'ViT-L-14-336',
  'ViT-L-14-336px': 'ViT-L-14-336',
};
const openAiModels = [
  'RN50',
  'RN101',
  'RN50x4',
  'RN50x16',
  'RN50x64',
  'ViT-B-32',
  'ViT-B-16',
  'ViT-L-14',
  'ViT-L-14-336',
];

/** What the Python server serves when its Flow names no model. */
export const modelDefault = 'ViT-B-32::openai';

/** The name with the weights in it: `ViT-B/32` is `ViT-B-32::openai`. Other names stay as they are. */
export function modelNameOf(given: string): string {
  if (given.includes('::')) return given;
  const dashed = given.replace(/^ViT-([BL])\//, 'ViT-$1-');
  const name = lookUp(firstNames, dashed) ?? dashed;
  return openAiModels.includes(name) ? `${name}::openai` : given;
}

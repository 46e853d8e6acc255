import { describe, expect, it } from 'vitest';
import { NEWER_MODELS } from './newer.js';
import { PYTHON_SERVER_MODELS } from './python-server.js';
import type { CatalogueEntry } from './entry.js';

const HEAD = `# Catalogue

Models that the service knows by name: [docs/models.md](models.md#models-by-name) says how to serve one. This page is written by a
test (\`vitest run --project unit libs/models -u\`).

Nothing here was downloaded or run by this project so far (its machines do not reach the hub): names, repositories, layouts and sizes
were read in public pages and sources. What does not fit is refused at the start with the reason. Licences are those of the weights;
read them before you build on one.

Variants: \`ViT-B-32::openai@int8\` is a model of its own ([int8 and fp16](models.md#int8-and-fp16)). The column has those that a
repository is known to publish; any name may be asked for one, and the error tells what is there. immich-app publishes float32
only: [variants of such models](export.md#variants-of-a-model-that-is-there) are made from its files. The megabytes are those of float32.
`;

function section(title: string, entries: readonly CatalogueEntry[]): string {
  const rows = entries.map((entry) => {
    const { name, aliases, variants, dimension, imageSize, contextLength, tokenizer, megabytes, licence } = entry;
    const also = aliases.map((alias) => `, \`${alias}\``).join('');
    const source = entry.repository === undefined ? 'no ONNX files published' : `\`${entry.repository}\``;
    const texts = `${contextLength ?? ''} | ${tokenizer}`;
    const more = variants.map((precision) => `\`@${precision}\``).join(' ');
    return `| \`${name}\`${also} | ${dimension} | ${imageSize} | ${texts} | ${megabytes} | ${more} | ${licence} | ${source} |`;
  });
  return [
    `## ${title}\n`,
    '| name | dimensions | pixels | tokens | tokenizer | about MB | variants | licence | repository |',
    '| --- | ---: | ---: | ---: | --- | ---: | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

describe('the page of the catalogue', () => {
  it('shows what the code has', async () => {
    const page = [
      `<!-- prettier-ignore-start -->\n${HEAD}`,
      section('Names of the Python server', PYTHON_SERVER_MODELS),
      '',
      section('Newer models', NEWER_MODELS),
      '',
      '<!-- prettier-ignore-end -->',
      '',
    ].join('\n');

    await expect(page).toMatchFileSnapshot('../../../../docs/catalogue.md');
  });
});

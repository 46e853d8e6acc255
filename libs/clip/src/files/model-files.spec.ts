import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { immichRepository } from '../../../../test/support/model-repositories.js';
import { readModelFiles } from './model-files.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWithTextConfig(changes: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cas-files-'));
  folders.push(folder);
  const files = immichRepository();
  const config = JSON.parse(String(files['config.json'])) as { text_cfg?: object };
  const changed = { ...config, text_cfg: { ...config.text_cfg, ...changes } };
  for (const [path, content] of Object.entries({ ...files, 'config.json': JSON.stringify(changed) })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('the files of a model', () => {
  it.each([
    [
      'as open_clip does where it says nothing of a Hugging Face vocabulary',
      { hf_tokenizer_name: 'roberta-base' },
      'whitespace',
    ],
    [
      'as they say, whatever the vocabulary',
      { hf_tokenizer_name: 'timm/ViT-B-16-SigLIP', tokenizer_kwargs: { clean: 'canonicalize' } },
      'canonicalize',
    ],
    ['by the tokenizer alone where they name no vocabulary', {}, undefined],
  ] as const)('have texts cleaned %s', async (_, textConfig, clean) => {
    const { textRules } = await readModelFiles(folderWithTextConfig(textConfig), 'tiny');
    expect(textRules.clean).toBe(clean);
  });
});

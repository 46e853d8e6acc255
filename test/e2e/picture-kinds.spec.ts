import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer, type RunningServer } from '../support/server.js';
import { cosine } from './support/fixtures.js';
import { postJson } from './support/http-call.js';

/**
 * A file, and the PNG of what Pillow makes of it at the model's size, or the words of its refusal; `make_pictures.py`
 * wrote them.
 */
interface Kind {
  readonly file: string;
  readonly square?: string;
  readonly refusal?: string;
}

const folder = join(repositoryRoot, 'test/e2e/pictures');
const kinds = JSON.parse(readFileSync(join(folder, 'kinds.json'), 'utf8')) as Kind[];
const image = (file: string) => ({ image: readFileSync(join(folder, file)).toString('base64') });

/**
 * Grays spread from 16–235 to 0–255 are a step off here and there (docs/pictures.md); not spread they would be at
 * 0.994.
 */
const NEAR = new Set(['avif-gray-limited.avif']);

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const embed = (...files: string[]) => postJson(server.http('/v1/embeddings'), { input: files.map(image) });
const vectorsOf = async (...files: string[]) => {
  const answer = await embed(...files);
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.json<{ data: { embedding: number[] }[] }>().data.map(({ embedding }) => embedding);
};

describe('pictures of kinds that are rarely met, sent to /v1/embeddings', () => {
  it.each(kinds.filter(({ square }) => square !== undefined))(
    '$file has the vector of what Pillow makes of it',
    async ({ file, square = '' }) => {
      const [ours, pillows] = await vectorsOf(file, square);

      if (NEAR.has(file)) expect(cosine(ours ?? [], pillows ?? [])).toBeGreaterThan(0.999);
      else expect(ours).toEqual(pillows);
    },
  );

  it('have vectors that differ as their pictures do', async () => {
    const squares = [...new Set(kinds.flatMap(({ square }) => square ?? []))];
    const vectors = await vectorsOf(...squares);

    expect(new Set(vectors.map(String)).size).toBe(squares.length);
  });

  it.each(kinds.filter(({ refusal }) => refusal !== undefined))(
    '$file is refused by the name of its kind: $refusal',
    async ({ file, refusal = '' }) => {
      const answer = await embed(file);
      const { error } = answer.json<{ error: { code: string; message: string } }>();

      expect([answer.status, error.code]).toEqual([415, 'image_format_refused']);
      expect(error.message).toMatch(/^input\[0\]: TIFF files with .* are not read\./);
      expect(error.message).toContain(refusal);
    },
  );
});

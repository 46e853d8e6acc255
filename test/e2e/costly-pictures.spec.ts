import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { postJson } from './support/http-call.js';
import { replicasOf } from './support/server-process.js';

const SIDE_MAX = 65_535;

let server: RunningServer;
let replicas: number[];
beforeAll(async () => {
  server = await startServer();
  replicas = replicasOf(server);
});
afterAll(() => server.stop());

/** A picture of one colour, as PNG and in base64. */
async function flat(width: number, height: number, channels: 3 | 4 = 3): Promise<{ image: string }> {
  const png = sharp({ create: { width, height, channels, background: { r: 9, g: 80, b: 200, alpha: 0.5 } } }).png();
  return { image: (await png.toBuffer()).toString('base64') };
}

const embed = (input: readonly unknown[]) => postJson(server.http('/v1/embeddings'), { input });

describe('pictures of extreme shape or cost', () => {
  it('are refused with a side of a pixel too many, by size and limit, without harm to a replica', async () => {
    for (const [width, height] of [
      [1, SIDE_MAX + 1],
      [SIDE_MAX + 1, 1],
    ] as const) {
      const answer = await embed([await flat(width, height)]);
      const { error } = answer.json<{ error: { code: string; message: string } }>();

      expect([answer.status, error.code]).toEqual([413, 'image_too_large']);
      expect(error.message).toContain(`${width} x ${height} pixels; a side may have at most ${SIDE_MAX}`);
    }
    expect(replicasOf(server)).toEqual(replicas);
  });

  it('are encoded with the longest side that is allowed', async () => {
    expect((await embed([await flat(1, SIDE_MAX), await flat(SIDE_MAX, 1)])).status).toBe(200);
  });

  it('are decoded beside other work when they take long, and give the vector of a small one that looks the same', async () => {
    const answers = await Promise.all([
      embed([await flat(2_400, 2_400, 4), await flat(240, 240, 4), 'a text of the same request']),
      ...Array.from({ length: 5 }, (_, n) => embed([`a text beside it ${n}`])),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const [large, small] = answers[0].json<{ data: { embedding: number[] }[] }>().data;
    expect(large?.embedding).toEqual(small?.embedding);
    expect(replicasOf(server)).toEqual(replicas);
  });
});

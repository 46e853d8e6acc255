import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Checklist } from '../test/bench/gpu/checklist.js';
import { parseGpuOptions } from '../test/bench/gpu/options.js';
import { gpuJson, renderGpuReport, type GpuFindings } from '../test/bench/gpu/report.js';

const root = join(import.meta.dirname, '..');

describe('npm run bench:gpu', () => {
  it('ends at once with a sentence and exit code 1 where there is no GPU', () => {
    const command = [join(root, 'tools/bench.mjs'), '--gpu', '--model', '/srv/models/vit'];
    const { status, stderr } = spawnSync(process.execPath, command, { env: { PATH: '' }, encoding: 'utf8' });

    expect(status).toBe(1);
    expect(stderr).toBe(
      'This machine has no NVIDIA GPU that works: nvidia-smi is missing or fails. Run bench:gpu on a GPU host set up as ' +
        'docs/gpu.md says.\n',
    );
  });

  it('takes the first card and full-length loads unless told otherwise', () => {
    expect(parseGpuOptions(['--gpu', '--model', '/srv/models/vit-b-32'], root)).toEqual({
      device: 'cuda:0',
      model: { name: 'vit-b-32', folder: '/srv/models/vit-b-32', parent: '/srv/models', isEmbedded: false },
      half: undefined,
      documentFile: join(root, '.cache/gpu-report.md'),
      jsonFile: join(root, '.cache/gpu-report.json'),
      ...{ warmUpMs: 1_000, runMs: 5_000, repeats: 3 },
    });
  });

  it.each([
    [['--device', 'cuda:0'], '--model FOLDER is missing'],
    [['--model', '/m', '--device', 'gpu0'], '--device wants cuda:N or tensorrt:N, not gpu0'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseGpuOptions(args, root)).toThrow(message);
  });
});

describe('the report of a GPU', () => {
  async function findings(): Promise<GpuFindings> {
    const checklist = new Checklist(() => undefined);
    await checklist.check('the model opens', () => Promise.resolve('least cosine 0.9999'));
    await checklist.check('it hangs', () => Promise.reject(new Error('no replica\n  log line')));
    const result = { itemsPerSecond: 1234.5, p50Ms: 25.9 };
    const bare = [{ modality: 'text', loop: 'session', batch: 32, result }] as const;
    return { device: 'cuda:0', model: 'vit', machine: [['GPU', 'NVIDIA L4']], checklist, bare, loads: [] };
  }

  it('goes on after a point that fails, and tells its reason in a line', async () => {
    const { checklist } = await findings();

    expect(checklist.isPassed).toBe(false);
    expect(checklist.rows).toEqual([
      { check: 'the model opens', passed: true, found: 'least cosine 0.9999' },
      { check: 'it hangs', passed: false, found: 'no replica' },
    ]);
  });

  it('holds checks and rates as a page and as JSON', async () => {
    const seen = await findings();

    expect(renderGpuReport(seen)).toContain(
      '- pass: the model opens: least cosine 0.9999\n- **fail**: it hangs: no replica\n',
    );
    expect(renderGpuReport(seen)).toContain('| text, session |    32 |   1,235 |  25.90 |');
    expect(gpuJson(seen)).toMatchObject({
      machine: { GPU: 'NVIDIA L4' },
      rates: [{ case: 'vit/text/bare session/32', itemsPerSecond: 1234.5, p50Ms: 25.9, p99Ms: null }],
    });
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures were measured on, as lines of a table. */
export function describeMachine(): [label: string, value: string][] {
  return [
    ['Processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
    ['Memory', `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
    ['System', `${platform()} ${release()}`],
    ['Node', process.versions.node],
    ['onnxruntime-node', versionOf('onnxruntime-node')],
    [
      'Measured',
      new Date()
        .toISOString()
        .replace(/:\d\d\.\d+Z$/, ' UTC')
        .replace('T', ' '),
    ],
  ];
}

/** Processes that wanted a core, averaged over the last minute: above what the bench itself needs, others ran too. */
export function loadAverage(): number {
  return loadavg()[0] ?? 0;
}

function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

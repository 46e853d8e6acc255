import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { repositoryRoot } from '../../support/server.js';
import { cardOf } from './cards.js';
import { examine } from './examine.js';
import { parseGpuOptions, USAGE, type GpuBenchOptions } from './options.js';
import { gpuJson, renderGpuReport, type GpuFindings } from './report.js';

/** Goes through the checklist of docs/gpu-checklist.md on this machine's card, measures, and writes both down. */
export async function main(args: string[]): Promise<void> {
  const options = parseGpuOptions(args, repositoryRoot);
  if (!options) return console.log(USAGE);
  // As replicas count, so that all parts of this bench mean the same card.
  process.env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID';
  const { card, reason } = await cardOf(options.device);
  if (!card && options.device !== 'cpu') {
    process.exitCode = 1;
    return console.error(
      `There is no ${options.device} on this machine, so there is nothing to check or measure: ${reason}`,
    );
  }
  const findings = await examine(options, card);
  write(options, findings);
  if (!findings.checklist.isPassed) process.exitCode = 1;
}

function write({ documentFile, jsonFile }: GpuBenchOptions, findings: GpuFindings): void {
  for (const file of [documentFile, jsonFile]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(documentFile, renderGpuReport(findings));
  writeFileSync(jsonFile, `${JSON.stringify(gpuJson(findings), null, 2)}\n`);
  console.log(`Written: ${documentFile} and ${jsonFile}`);
}

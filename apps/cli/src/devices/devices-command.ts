import type { Command } from 'commander';
import { DomainError } from '#core';
import type { DeviceReport } from '#inference';
import type { CommandTools } from '../command-tools.js';
import { table } from '../terminal/table.js';

/** `cas devices`: what a service that is started here, with this environment, can run models on. Needs no database. */
export function addDevicesCommand(program: Command, tools: CommandTools): void {
  const command = program
    .command('devices')
    .description('Shows what this host can run models on, and why cards cannot be used (on the host only)');
  command.action(async () => {
    if (tools.optionsOf(command).url !== undefined) {
      throw new DomainError('invalid_argument', 'cas devices shows this machine only; leave out --url.');
    }
    const { localDevices } = await import('#inference');
    const report = await localDevices(tools.surroundings.env).report();
    tools.answer(command, { json: { ...report }, text: formatReport(report) });
  });
}

function formatReport({ cpu, cards, libraries, note }: DeviceReport): string {
  const [cores, total, free] = [`${cpu.cores} cores`, gigabytes(cpu.memoryTotalBytes), gigabytes(cpu.memoryFreeBytes)];
  const devices = table(
    ['DEVICE', 'NAME', 'MEMORY', 'FREE', 'DRIVER', 'COMPUTE'],
    [
      ['cpu', cores, total, free, '', ''],
      ...cards.map((card) => [
        ...[card.device ?? 'hidden', card.name ?? ''],
        ...[gigabytes(card.memoryTotalBytes), gigabytes(card.memoryFreeBytes)],
        ...[card.driverVersion ?? '', card.computeCapability ?? ''],
      ]),
    ],
  );
  const installed = (isThere: boolean): string => (isThere ? 'installed' : 'not installed');
  const files = `GPU libraries of onnxruntime-node: CUDA ${installed(libraries.cuda)}, TensorRT ${installed(libraries.tensorrt)}.`;
  return [devices, files, ...(note === null ? [] : [note])].join('\n');
}

function gigabytes(bytes: number | null): string {
  return bytes === null ? '' : `${(bytes / 1e9).toFixed(1)} GB`;
}

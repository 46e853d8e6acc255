import { startServer, type RunningServer } from '../../support/server.js';
import type { Figures } from '../figures.js';
import { describeMachine } from '../machine.js';
import { megabytes } from '../markdown.js';
import { cardOf, type Card } from './cards.js';
import { Checklist } from './checklist.js';
import { firstCalls } from './first-calls.js';
import { goldenOf } from './golden.js';
import type { GpuBenchOptions } from './options.js';
import { allUp, outage } from './outages.js';
import { bareRates, serverRates, type BareRate } from './rates.js';
import type { GpuFindings } from './report.js';

/**
 * One thing on the card at a time, in this order: the model alone, one replica with all loads, two replicas that are
 * hurt.
 */
export async function examine(options: GpuBenchOptions, card: Card | undefined): Promise<GpuFindings> {
  const { device, model, half } = options;
  const capability = card?.computeCapability ?? undefined;
  const checklist = new Checklist((line) => console.log(line));
  const bare: BareRate[] = [];
  const loads: Figures[] = [];
  if (card) await checklist.check('the device is there', async () => textOf(card));
  await checklist.check('the model opens and is right', () => goldenOf(model, device, capability));
  if (half) await checklist.check('so it is in half precision', () => goldenOf(half, device, capability));
  await checklist.check('every batch size runs', async () => {
    bare.push(...(await bareRates(options, capability)));
    return `${bare.length} loops`;
  });
  await withReplicas(1, options, checklist, async (server) => {
    await checklist.check('it is warm for every batch size when it is ready', () => firstCalls(server));
    await checklist.check('the loads run', async () => {
      loads.push(...(await serverRates(server, options)));
      return `${loads.length} loads`;
    });
  });
  await withReplicas(2, options, checklist, async (server) => {
    await checklist.check('a replica that is killed is replaced', () => outage(server, 2, 'SIGKILL'));
    await checklist.check('a replica that hangs is replaced', () => outage(server, 2, 'SIGSTOP'));
  });
  const machine = [...(card ? [['GPU', textOf(card)] as const] : []), ...describeMachine()];
  return { device, model: model.name, machine, checklist, bare, loads };
}

/** Starts a server with so many replicas on the device, tells what they take of the card, and lets `use` have it. */
async function withReplicas(
  replicas: number,
  { device, model }: GpuBenchOptions,
  checklist: Checklist,
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const before = (await cardOf(device)).card;
  const settings = { CAS_DEVICES: device, CAS_REPLICAS: String(replicas), CAS_CACHE_BYTES_MAX: '0' };
  let started: RunningServer | undefined;
  await checklist.check(replicas === 1 ? 'a replica serves' : `${replicas} replicas share the device`, async () => {
    started = await startServer({ env: { ...settings, CAS_MODEL: model.name, CAS_MODEL_DIR: model.parent } });
    await allUp(started, replicas);
    return memoryBetween(before, (await cardOf(device)).card, replicas);
  });
  if (!started) return;
  await using server = started;
  await use(server);
}

function memoryBetween(before: Card | undefined, after: Card | undefined, replicas: number): string {
  if (before?.memoryFreeBytes == null || after?.memoryFreeBytes == null) return 'ready';
  const usedBytes = before.memoryFreeBytes - after.memoryFreeBytes;
  return `${megabytes(usedBytes)} of the card's memory, ${megabytes(usedBytes / replicas)} a replica`;
}

function textOf({ name, driverVersion, computeCapability, memoryTotalBytes }: Card): string {
  const told = (value: string | null) => value ?? 'unknown';
  const memory = memoryTotalBytes === null ? 'unknown memory' : megabytes(memoryTotalBytes);
  return `${told(name)}, ${memory}, compute capability ${told(computeCapability)}, driver ${told(driverVersion)}`;
}

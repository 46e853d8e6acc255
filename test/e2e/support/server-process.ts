import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { RunningServer } from '../../support/server.js';
import { call } from './http-call.js';

const EVENTUALLY_MS_MAX = 30_000;
const LOOK_EVERY_MS = 25;

/** Resident memory of a process in MB (10^6 bytes), as the kernel counts it. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** How many files and sockets a process holds open. */
export const openDescriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** The process ids of the server's replicas: its only children. */
export function replicasOf(server: RunningServer): number[] {
  return readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid.trim() !== '')
    .map(Number);
}

/** The sum of a metric over all its label sets that hold `labels`; 0 when it has none. */
export async function metric(
  server: RunningServer,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const { text } = await call(server.ops('/metrics'));
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Looks again and again until `holds`; fails after a time that no healthy server needs. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + EVENTUALLY_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Whether the server answers a request that needs the model: a text of its own each time, which no cache has. */
export async function serves(server: RunningServer, authority?: string): Promise<boolean> {
  const { status } = await call(server.http('/v1/embeddings'), {
    body: JSON.stringify({ input: `are you there ${randomUUID()}` }),
    headers: { 'content-type': 'application/json' },
    ...(authority ? { authority } : {}),
  });
  return status === 200;
}

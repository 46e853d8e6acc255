import { ManualClock, type DomainError } from '#core';
import type { NewReplica } from '../devices/device-check.js';
import { startPools } from '../pool/model-registry.js';
import type { DesiredModel } from '../plan/desired-models.js';
import { Reconciler } from '../plan/reconciler.js';
import type { OpenLink } from '../replica/replica-link.js';
import { poolOptions, SCRIPTED_INFO } from './builders.js';
import { HandLink } from './hand-links.js';
import { aModel, DEFAULTS } from './plan-state.js';

/**
 * A process that serves `mini`; replicas of models in `slow` wait for the test, those in `broken` cannot load, the
 * files of those in `downloading` never arrive.
 */
export async function aProcess() {
  const clock = new ManualClock();
  const links: HandLink[] = [];
  const slow = new Set<string>();
  const downloading = new Set<string>();
  const broken = new Map<string, DomainError>();
  const log: string[] = [];
  const applied: number[] = [];
  const asked: NewReplica[][] = [];
  const lacking = new Map<string, DomainError>();
  const require = async (places: readonly NewReplica[]) => {
    asked.push([...places]);
    const [refusal] = places.flatMap(({ device }) => lacking.get(device) ?? []);
    if (refusal) throw refusal;
  };
  const openLink: OpenLink = ({ replica }, events) => {
    const [name = ''] = replica.split('/');
    const link = new HandLink(replica, events);
    links.push(link);
    const load = () => {
      const failure = broken.get(name);
      if (failure) return link.loadFailed(failure);
      events.message({ type: 'ready', info: { ...SCRIPTED_INFO, name } });
      link.pull();
      link.pull();
    };
    if (!slow.has(name)) queueMicrotask(load);
    return link;
  };
  const options = ({ name, replicas, devices }: DesiredModel) =>
    poolOptions(clock, openLink, { name, replicas, devices, cores: 4 });
  const registry = await startPools([options(aModel('mini'))]);
  const reconciler = new Reconciler({
    ...{ registry, clock, defaults: DEFAULTS, devices: { require } },
    poolOptions: async (wanted, signal) => {
      if (downloading.has(wanted.name)) await new Promise((_, reject) => signal.addEventListener('abort', reject));
      return options(wanted);
    },
    log: (level, text, version) => log.push(`${level} ${version}: ${text}`),
    onApplied: (version) => applied.push(version),
  });
  const linksOf = (name: string) => links.filter(({ replica, isOver }) => replica.startsWith(`${name}/`) && !isOver);
  const names = () => registry.list().map(({ name }) => name);
  return { clock, registry, reconciler, linksOf, names, slow, downloading, broken, log, applied, asked, lacking };
}

import type { GraphicsCard } from './parse-cards.js';

/** Which cards CUDA shows to a process. */
export interface VisibleCards {
  /** By their numbers: the first is `cuda:0`. */
  readonly cards: readonly GraphicsCard[];
  /** Cards of the machine that are kept from it. */
  readonly hidden: readonly GraphicsCard[];
  /** There is no other one; not known where cards are cut into MIG instances. */
  readonly isComplete: boolean;
  /** The numbers are sure; see `CARD_ORDER`. */
  readonly isOrderKnown: boolean;
}

/**
 * What replicas are started with unless the operator has set it: CUDA counts cards as `nvidia-smi` does, by their place
 * on the bus. By default it puts the fastest first, by a measure of its own, so that `cuda:0` could be any card.
 */
export const CARD_ORDER = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } as const;

/**
 * Applies CUDA_VISIBLE_DEVICES as CUDA does (CUDA C++ Programming Guide, environment variables; the edges as
 * `torch.cuda._parse_visible_devices` has them): numbers, ids or beginnings of ids that are those of one card, in the
 * order given; the list ends at the first entry that is none of them, and one that names a card twice shows none. Where
 * a card is cut into MIG instances, CUDA shows one instance and no whole card (MIG User Guide, CUDA Device
 * Enumeration).
 *
 * @param all the cards of the machine in the order of the bus
 */
export function visibleCards(all: readonly GraphicsCard[], env: NodeJS.ProcessEnv): VisibleCards {
  const wanted = env['CUDA_VISIBLE_DEVICES'];
  const chosen = wanted === undefined ? all : choose(all, wanted);
  const partitioned = chosen.find(({ isPartitioned }) => isPartitioned);
  const cards = partitioned ? [withoutUse(partitioned)] : chosen;
  return {
    cards,
    hidden: all.filter(({ index }) => !chosen.some((card) => card.index === index)),
    isComplete: !partitioned,
    isOrderKnown: isByBus(env) || new Set(all.map(({ name }) => name)).size <= 1,
  };
}

function choose(all: readonly GraphicsCard[], wanted: string): GraphicsCard[] {
  const chosen: GraphicsCard[] = [];
  for (const entry of wanted.split(',')) {
    const card = cardOf(all, entry.trim());
    if (!card) break;
    if (chosen.includes(card)) return [];
    chosen.push(card);
  }
  return chosen;
}

function cardOf(all: readonly GraphicsCard[], entry: string): GraphicsCard | undefined {
  if (entry.startsWith('MIG-')) return instance(entry);
  if (entry.startsWith('GPU-')) {
    const [match, ...more] = all.filter(({ uuid }) => uuid?.startsWith(entry));
    return more.length === 0 ? match : undefined;
  }
  const [number] = /^[+-]?\d+/.exec(entry) ?? []; // read as strtol does: "1gpu" is 1
  return number === undefined
    ? undefined
    : all.find(({ index }) => index === Math.abs(Number(number)) && isPlain(number));
}

/** Zero may carry a minus sign; nothing else may. */
function isPlain(number: string): boolean {
  return !number.startsWith('-') || Number(number) === 0;
}

function instance(uuid: string): GraphicsCard {
  return {
    ...{ index: undefined, uuid, name: 'MIG instance', memoryTotalBytes: undefined, memoryFreeBytes: undefined },
    ...{ driverVersion: undefined, computeCapability: undefined, utilizationRatio: undefined },
    isPartitioned: true,
  };
}

/** The figures are those of the whole card, not of the part that is seen. */
function withoutUse(card: GraphicsCard): GraphicsCard {
  return { ...card, memoryTotalBytes: undefined, memoryFreeBytes: undefined, utilizationRatio: undefined };
}

function isByBus(env: NodeJS.ProcessEnv): boolean {
  return (env['CUDA_DEVICE_ORDER'] ?? CARD_ORDER.CUDA_DEVICE_ORDER) === CARD_ORDER.CUDA_DEVICE_ORDER;
}

/** A GPU as the driver describes it at one moment; undefined = it does not say. */
export interface GraphicsCard {
  /**
   * As `nvidia-smi` counts: in the order of the bus, from 0. Undefined for a part of a card that is named by its id.
   */
  readonly index: number | undefined;
  /** `GPU-…`, or `MIG-…` for a part of a card. */
  readonly uuid: string | undefined;
  readonly name: string | undefined;
  readonly memoryTotalBytes: number | undefined;
  readonly memoryFreeBytes: number | undefined;
  readonly driverVersion: string | undefined;
  /** Such as `8.9`; drivers before 510 do not say. */
  readonly computeCapability: string | undefined;
  /** Share of the last second or less in which it computed, from 0 to 1; read only where it is asked for. */
  readonly utilizationRatio: number | undefined;
  /** Cut into MIG instances: CUDA sees one of them, and the memory figures are those of the whole card. */
  readonly isPartitioned: boolean;
}

/** What `nvidia-smi` is asked for each card. */
export const CARD_FIELDS = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'memory.free',
  'driver_version',
  'mig.mode.current',
  'compute_cap',
] as const;

/** The same, and how busy each card is. */
export const CARD_USE_FIELDS = [...CARD_FIELDS, 'utilization.gpu'] as const;

export type CardField = (typeof CARD_USE_FIELDS)[number];

const MIB = 2 ** 20;
/**
 * Written where a value is not there: `[N/A]`, `N/A`, `[Not Supported]`, `[Insufficient Permissions]`, `[Unknown
 * Error]`.
 */
const NO_VALUE = /^(\[.*\]|N\/A|ERR!|)$/;

/**
 * The cards in what `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` wrote; memory is in MiB there. Lines that
 * are no card are left out: it writes warnings (`WARNING: infoROM is corrupted at gpu …`) between them.
 */
export function parseCards(text: string, fields: readonly CardField[]): GraphicsCard[] {
  return text.split('\n').flatMap((line) => {
    const values = line.trim().split(/,\s*/);
    if (values.length !== fields.length || !/^\d+$/.test(values[0] ?? '')) return [];
    const texts = new Map(fields.map((field, at) => [field, parseValue(values[at])]));
    return [cardOf(texts)];
  });
}

/** The field that this driver does not know, when that is why it refused. */
export function unknownField(text: string): string | undefined {
  return /^Field "([^"]+)" is not a valid field to query/m.exec(text)?.[1];
}

function cardOf(texts: ReadonlyMap<CardField, string | undefined>): GraphicsCard {
  const scaled = (field: CardField, factor: number): number | undefined => {
    const text = texts.get(field);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) * factor : undefined;
  };
  return {
    index: Number(texts.get('index')),
    uuid: texts.get('uuid'),
    name: texts.get('name'),
    memoryTotalBytes: scaled('memory.total', MIB),
    memoryFreeBytes: scaled('memory.free', MIB),
    driverVersion: texts.get('driver_version'),
    computeCapability: texts.get('compute_cap'),
    utilizationRatio: scaled('utilization.gpu', 1 / 100),
    isPartitioned: texts.get('mig.mode.current') === 'Enabled',
  };
}

function parseValue(value: string | undefined): string | undefined {
  return value === undefined || NO_VALUE.test(value) ? undefined : value;
}

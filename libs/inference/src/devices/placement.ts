import { DomainError } from '#core';
import type { ClipModelOptions } from '#clip';

/** A place for a replica, whichever replica that is. */
export interface PlacementSlot {
  /** As configured: `cpu`, `cuda:0`, `tensorrt:1`. */
  readonly device: string;
  /** Threads of one ONNX run. */
  readonly threads: number;
}

/** Where one replica runs. */
export interface Placement extends PlacementSlot {
  /** `<model>/<n>`, unique in the process. */
  readonly replica: string;
  readonly provider: ClipModelOptions['provider'];
}

/** What placements are made from. */
export interface PlacementRequest {
  readonly model: string;
  readonly replicas: number;
  /** At least one; replicas go round them. */
  readonly devices: readonly string[];
  /** Cores this process may use. */
  readonly cores: number;
}

/** Places the replica of this name in a slot. Throws `invalid_argument` for a device that it cannot read. */
export function placeIn({ device, threads }: PlacementSlot, replica: string): Placement {
  return { replica, device, provider: parseDevice(device), threads };
}

/** The lowest number that no replica of the model has. */
export function nextReplicaName(model: string, used: readonly string[]): string {
  for (let n = 0; ; n += 1) {
    const name = `${model}/${n}`;
    if (!used.includes(name)) return name;
  }
}

/**
 * Deals replicas to devices in turns, and the cores to the replicas in equal shares (at least one each): more threads
 * than cores make every run slower.
 *
 * @throws DomainError `invalid_argument` for no replicas, no devices or a device that it cannot read
 *
 * @example
 * // m/0 and m/2 on cuda:0, m/1 on cuda:1
 * placeReplicas({ model: 'm', replicas: 3, devices: ['cuda:0', 'cuda:1'], cores: 8 });
 */
export function placeReplicas({ model, replicas, devices, cores }: PlacementRequest): Placement[] {
  if (replicas < 1) throw new DomainError('invalid_argument', `The model ${model} needs at least one replica.`);
  const providers = devices.map((device) => ({ device, provider: parseDevice(device) }));
  const threads = Math.max(1, Math.floor(cores / replicas));
  return Array.from({ length: replicas }, (_, n) => {
    const chosen = providers[n % providers.length];
    if (!chosen) throw new DomainError('invalid_argument', 'No device is configured. Name at least one, such as cpu.');
    return { replica: `${model}/${n}`, ...chosen, threads };
  });
}

/**
 * Parses `cpu`, `cuda:<n>` or `tensorrt:<n>`; a bare `cuda` or `tensorrt` means card 0.
 *
 * @throws DomainError `invalid_argument`
 *
 * @example
 * parseDevice('cuda:1'); // { name: 'cuda', deviceId: 1 }
 */
export function parseDevice(device: string): ClipModelOptions['provider'] {
  if (device === 'cpu') return 'cpu';
  const [, name, id = '0'] = /^(cuda|tensorrt)(?::(\d{1,3}))?$/.exec(device) ?? [];
  if (name === 'cuda' || name === 'tensorrt') return { name, deviceId: Number(id) };
  throw new DomainError(
    'invalid_argument',
    `The device ${JSON.stringify(device)} is not known. Use cpu, cuda:<n> or tensorrt:<n>, such as cuda:0.`,
  );
}

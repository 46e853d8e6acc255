import { DomainError, MODEL_LIMITS } from '#core';
import { parseDevice } from '../devices/placement.js';

/** One model as it should be served. */
export interface DesiredModel {
  /** As callers name it; also says where its files are. */
  readonly name: string;
  readonly replicas: number;
  /** `cpu`, `cuda:<n>`, `tensorrt:<n>`; replicas go round them. */
  readonly devices: readonly string[];
  /** Whether it serves requests that name no model; exactly one does. */
  readonly isDefault: boolean;
  /** Most items of one run; unset = what the service is set to. */
  readonly batchItemsMax?: number;
  /** A replica whose process holds more memory is replaced; unset = what the service is set to. */
  readonly rssBytesMax?: number;
}

/** A numbered state of all models. */
export interface DesiredModels {
  /** Higher is newer. */
  readonly version: number;
  readonly models: readonly DesiredModel[];
}

const RSS_BYTES_MIN = 32 * 2 ** 20;
/** Parts of letters, digits and `_ . : + @ -`, joined by `/`; a name becomes a path, so no part is `.` or `..`. */
const NAME = /^(?!\.{1,2}(\/|$))[\w.:+@-]+(\/(?!\.{1,2}(\/|$))[\w.:+@-]+)*$/;

/**
 * Refuses what cannot be served: no model, no or two defaults, a name twice or one that could lead out of the models'
 * folder, a device of no known form, numbers out of range.
 *
 * @throws DomainError `invalid_argument`
 *
 * @example
 * requireServable([{ name: 'mini-clip', replicas: 2, devices: ['cuda:0', 'cuda:1'], isDefault: true }]);
 */
export function requireServable(models: readonly DesiredModel[]): void {
  if (models.length === 0) throw refused('Name at least one model.');
  if (models.length > MODEL_LIMITS.modelsMax) throw refused(`At most ${MODEL_LIMITS.modelsMax} models can be served.`);
  for (const model of models) requireServableModel(model);
  const names = models.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw refused(`The model ${twice} is listed twice. List each once.`);
  const defaults = models.filter(({ isDefault }) => isDefault).length;
  if (defaults !== 1) throw refused(`Exactly one model must be the default; ${defaults} are.`);
}

/** Whether two states ask for the same, in whatever order the models are listed. */
export function isSameState(one: readonly DesiredModel[], other: readonly DesiredModel[]): boolean {
  return canonical(one) === canonical(other);
}

function requireServableModel({ name, replicas, devices, batchItemsMax, rssBytesMax }: DesiredModel): void {
  if (name.length > MODEL_LIMITS.nameLengthMax || !NAME.test(name)) {
    throw refused(`${JSON.stringify(name)} is not the name of a model. Names are like ViT-B-32::openai.`);
  }
  requireWhole(replicas, 1, MODEL_LIMITS.replicasMax, `replicas of ${name}`);
  if (devices.length === 0 || devices.length > MODEL_LIMITS.devicesMax) {
    throw refused(`The model ${name} needs 1 to ${MODEL_LIMITS.devicesMax} devices, such as cpu.`);
  }
  for (const device of devices) parseDevice(device);
  if (batchItemsMax !== undefined) {
    requireWhole(batchItemsMax, 1, MODEL_LIMITS.batchItemsMax, `batchItemsMax of ${name}`);
  }
  if (rssBytesMax !== undefined) {
    requireWhole(rssBytesMax, RSS_BYTES_MIN, Number.MAX_SAFE_INTEGER, `rssBytesMax of ${name}`);
  }
}

function requireWhole(value: number, low: number, high: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return;
  throw refused(`The ${what} must be a whole number from ${low} to ${high}.`);
}

function refused(text: string): DomainError {
  return new DomainError('invalid_argument', text);
}

function canonical(models: readonly DesiredModel[]): string {
  const rows = models.map(({ name, replicas, devices, isDefault, batchItemsMax, rssBytesMax }) => [
    ...[name, replicas, devices, isDefault, batchItemsMax ?? null, rssBytesMax ?? null],
  ]);
  return JSON.stringify(rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
}

import type { DesiredModel } from '../queries.js';

/** One model as it is typed: texts of fields, which may not be numbers yet. */
export interface DraftModel {
  readonly name: string;
  readonly replicas: string;
  /** Separated by commas or blanks. */
  readonly devices: string;
  /** Empty = as the service is set. */
  readonly batchItemsMax: string;
  /** In megabytes; empty = as the service is set. */
  readonly rssMegabytesMax: string;
}

/** What somebody edits: the models, and which one is the default. */
export interface Draft {
  readonly models: readonly DraftModel[];
  readonly defaultName: string | undefined;
}

export type Field = Exclude<keyof DraftModel, 'name'>;

const MEGABYTE = 1e6;

/** The draft that changes nothing. */
export function draftOf(models: readonly DesiredModel[]): Draft {
  return {
    models: models.map(({ name, replicas, devices, batchItemsMax, rssBytesMax }) => ({
      name,
      replicas: String(replicas),
      devices: devices.join(', '),
      batchItemsMax: batchItemsMax === undefined ? '' : String(batchItemsMax),
      rssMegabytesMax: rssBytesMax === undefined ? '' : String(Math.round(rssBytesMax / MEGABYTE)),
    })),
    defaultName: models.find(({ isDefault }) => isDefault)?.name,
  };
}

/** The models that a draft asks for, or what is wrong with it, by model and field. */
export function modelsOf(
  draft: Draft,
  before: readonly DesiredModel[],
): { models: DesiredModel[] } | { problems: Problems } {
  const problems: Problems = {};
  const models = draft.models.map((model): DesiredModel => {
    const was = before.find(({ name }) => name === model.name);
    const note = (field: Field, text: string) => (problems[model.name] = { ...problems[model.name], [field]: text });
    const replicas = Number(model.replicas);
    if (!isWhole(model.replicas) || replicas < 1) note('replicas', 'A whole number from 1.');
    const devices = devicesIn(model.devices);
    if (devices.length === 0) note('devices', 'At least one, such as cpu.');
    for (const field of ['batchItemsMax', 'rssMegabytesMax'] as const) {
      if (model[field] !== '' && !isWhole(model[field])) note(field, 'A whole number, or nothing.');
    }
    // Megabytes are what people read; bytes that nobody touched stay as they are.
    const rssBefore = was?.rssBytesMax;
    const isRssAsBefore = rssBefore !== undefined && String(Math.round(rssBefore / MEGABYTE)) === model.rssMegabytesMax;
    const rssBytesMax = isRssAsBefore ? rssBefore : Number(model.rssMegabytesMax) * MEGABYTE;
    return {
      ...{ name: model.name, replicas, devices, isDefault: model.name === draft.defaultName },
      ...(model.batchItemsMax === '' ? {} : { batchItemsMax: Number(model.batchItemsMax) }),
      ...(model.rssMegabytesMax === '' ? {} : { rssBytesMax }),
    };
  });
  return Object.keys(problems).length > 0 ? { problems } : { models };
}

/** What is wrong with the fields of each model. */
export type Problems = Record<string, { [field in Field]?: string }>;

/** The fields of a model that differ from what is in force; all that it has for a model that is added. */
export function editedFields(model: DraftModel, before: Draft): ReadonlySet<Field> {
  const was = before.models.find(({ name }) => name === model.name);
  const fields = ['replicas', 'devices', 'batchItemsMax', 'rssMegabytesMax'] as const;
  return new Set(was ? fields.filter((field) => normal(field, was[field]) !== normal(field, model[field])) : []);
}

/** Whether a draft asks for anything else than what is in force. */
export function isEdited(draft: Draft, before: Draft): boolean {
  return (
    draft.defaultName !== before.defaultName ||
    draft.models.length !== before.models.length ||
    draft.models.some(
      (model) => !before.models.some(({ name }) => name === model.name) || editedFields(model, before).size > 0,
    )
  );
}

export function withField(draft: Draft, name: string, field: Field, value: string): Draft {
  return {
    ...draft,
    models: draft.models.map((model) => (model.name === name ? { ...model, [field]: value } : model)),
  };
}

/** One replica on the CPU, which every machine has. The first model is the default. */
export function withModel(draft: Draft, name: string): Draft {
  if (draft.models.some((model) => model.name === name)) return draft;
  const added = { name, replicas: '1', devices: 'cpu', batchItemsMax: '', rssMegabytesMax: '' };
  return { models: [...draft.models, added], defaultName: draft.defaultName ?? name };
}

/** Without the model; another one becomes the default when it was that. */
export function withoutModel(draft: Draft, name: string): Draft {
  const models = draft.models.filter((model) => model.name !== name);
  return { models, defaultName: draft.defaultName === name ? models[0]?.name : draft.defaultName };
}

function normal(field: Field, value: string): string {
  return field === 'devices' ? devicesIn(value).join(' ') : value.trim();
}

function devicesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((device) => device !== '');
}

function isWhole(text: string): boolean {
  return /^\s*\d{1,15}\s*$/.test(text);
}

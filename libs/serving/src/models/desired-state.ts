import { z } from 'zod';
import { DomainError, parseJson } from '#core';
import type { DesiredModelsEntity, DesiredModelsSource } from '#database';
import type { DesiredModel, DesiredModels } from '#inference';

/** A limit that is no number counts as left open. */
const limit = z.number().optional().catch(undefined);

const storedModels = z.array(
  z.object({
    name: z.string(),
    replicas: z.number(),
    devices: z.array(z.string()),
    isDefault: z.boolean(),
    batchItemsMax: limit,
    rssBytesMax: limit,
  }),
);

/** A version of which models should be served, as it is stored. */
export interface DesiredState extends DesiredModels {
  readonly source: DesiredModelsSource;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly createdBy: { readonly id: string; readonly name: string };
  readonly note: string;
  /** When a process first served all of it; null until then. */
  readonly servedAtMs: number | null;
}

/** A row as a state. Throws `internal` for models that this version did not write. */
export function stateOf(row: DesiredModelsEntity): DesiredState {
  const { version, models, source, createdAtMs, createdBy: id, createdByName: name, note, servedAtMs } = row;
  return { version, models: parseModels(models), source, createdAtMs, createdBy: { id, name }, note, servedAtMs };
}

/** JSON of a list of models, without what is left open. */
export function modelsText(models: readonly DesiredModel[]): string {
  return JSON.stringify(models.map(plainModel));
}

/** Only what belongs to a model, in one order, so that equal models have equal texts. */
export function plainModel(model: DesiredModel | z.output<typeof storedModels>[number]): DesiredModel {
  const { name, replicas, devices, isDefault, batchItemsMax, rssBytesMax } = model;
  return {
    ...{ name, replicas, devices: [...devices], isDefault },
    ...(batchItemsMax === undefined ? {} : { batchItemsMax }),
    ...(rssBytesMax === undefined ? {} : { rssBytesMax }),
  };
}

function parseModels(text: string): DesiredModel[] {
  const { success, data } = storedModels.safeParse(parseJson(text));
  if (!success) throw unreadable();
  return data.map(plainModel);
}

function unreadable(): DomainError {
  return new DomainError('internal', 'The stored list of models cannot be read. The log has the reason.', {
    internal: 'desired_models.models is not what this version writes',
  });
}

import { RotateCcw, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.js';
import { TextField } from '../../../ui/field.js';
import type { CatalogueModel } from '../queries.js';
import { sizeText } from '../words.js';
import { editedFields, type Draft, type DraftModel, type Field } from './draft.js';
import styles from './editor.module.css';

const FIELDS: readonly { field: Field; label: string; hint: string; isNumber: boolean }[] = [
  { field: 'replicas', label: 'Replicas', hint: 'Processes', isNumber: true },
  { field: 'devices', label: 'Devices', hint: 'cpu, cuda:0, tensorrt:0; replicas go round them', isNumber: false },
  { field: 'batchItemsMax', label: 'Items a run', hint: 'At most; empty = as the pod is set', isNumber: true },
  {
    field: 'rssMegabytesMax',
    label: 'Memory ceiling, MB',
    hint: 'A replica; empty = as the pod is set',
    isNumber: true,
  },
];

/** One model of the editor. Each field that was edited says so, and can be put back. */
export function ModelFields({
  model,
  before,
  isDefault,
  problems,
  facts,
  onField,
  onDefault,
  onRemove,
}: {
  readonly model: DraftModel;
  readonly before: Draft;
  readonly isDefault: boolean;
  readonly problems: { readonly [field in Field]?: string };
  readonly facts: CatalogueModel | undefined;
  readonly onField: (field: Field, value: string) => void;
  readonly onDefault: () => void;
  readonly onRemove: () => void;
}): ReactNode {
  const was = before.models.find(({ name }) => name === model.name);
  const edited = editedFields(model, before);
  const isDefaultEdited = (before.defaultName === model.name) !== isDefault;
  return (
    <fieldset className={styles['model']}>
      <legend className={styles['legend']}>
        {model.name}
        {!was && <span className={styles['edited']}>added</span>}
      </legend>
      <div className={styles['head']}>
        <span className={styles['muted']}>{factsText(facts)}</span>
        <IconButton label={`Take ${model.name} out`} onClick={onRemove}>
          <Trash2 size={15} aria-hidden />
        </IconButton>
      </div>
      <div className={styles['fields']}>
        {FIELDS.map(({ field, label, hint, isNumber }) => {
          const isFieldEdited = was !== undefined && edited.has(field);
          return (
            <div key={field} className={styles['field']}>
              <TextField
                label={label}
                hint={isFieldEdited ? `Was ${was[field] === '' ? 'empty' : was[field]}. ${hint}` : hint}
                problem={problems[field]}
                value={model[field]}
                inputMode={isNumber ? 'numeric' : 'text'}
                autoComplete="off"
                onChange={({ target }) => onField(field, target.value)}
              />
              {isFieldEdited && (
                <span className={styles['mark']}>
                  <span className={styles['edited']}>edited</span>
                  <IconButton label={`Put ${label} of ${model.name} back`} onClick={() => onField(field, was[field])}>
                    <RotateCcw size={14} aria-hidden />
                  </IconButton>
                </span>
              )}
            </div>
          );
        })}
      </div>
      <label className={styles['radio']}>
        <input type="radio" name="default-model" checked={isDefault} onChange={onDefault} />
        <span>
          Default: serves requests that name no model
          {isDefaultEdited && <span className={styles['edited']}>edited</span>}
        </span>
      </label>
    </fieldset>
  );
}

function factsText(facts: CatalogueModel | undefined): string {
  if (!facts) return 'Not in the catalogue.';
  const { dimension, imageSize, bytes, licence } = facts;
  return [
    dimension !== null && `${dimension} dimensions`,
    imageSize !== null && `${imageSize} pixels`,
    bytes !== null && sizeText(bytes),
    licence ?? false,
  ]
    .filter(Boolean)
    .join(' · ');
}

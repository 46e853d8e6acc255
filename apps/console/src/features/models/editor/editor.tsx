import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type FormEvent, type ReactNode } from 'react';
import { ApiFailure } from '../../../api/failure.js';
import { Button } from '../../../ui/button.js';
import { Form, TextField } from '../../../ui/field.js';
import { LeaveGuard } from '../../../ui/leave-guard.js';
import { Card } from '../../../ui/page.js';
import { Problem } from '../../../ui/problem.js';
import { PlanSteps } from '../plan-steps.js';
import { catalogueQuery, type ModelsAnswer } from '../queries.js';
import { useChangeModels } from '../use-change-models.js';
import { useModelsSearch } from '../use-models-search.js';
import { AddModel } from './add-model.js';
import { Conflict } from './conflict.js';
import { draftOf, isEdited, modelsOf, withField, withModel, withoutModel, type Draft } from './draft.js';
import { ModelFields } from './model-fields.js';
import styles from './editor.module.css';

const NOTE_CHARS_MAX = 500;

/**
 * Edits what should be served; the plan stands beside it and follows every key. When somebody else changes the models
 * meanwhile, what was typed stays.
 */
export function Editor({ models }: { readonly models: ModelsAnswer }): ReactNode {
  const [search, change] = useModelsSearch();
  const [base, setBase] = useState(models.desired);
  const inForce = base?.models ?? [];
  const before = draftOf(inForce);
  const [draft, setDraft] = useState<Draft>(() => (search.add === undefined ? before : withModel(before, search.add)));
  const [note, setNote] = useState('');
  const { apply } = useChangeModels();
  const { data: catalogue } = useQuery(catalogueQuery);
  const read = modelsOf(draft, inForce);
  const planned = useDeferredValue('models' in read ? JSON.stringify(read.models) : undefined);
  const edited = isEdited(draft, before);
  const isConflict = apply.error instanceof ApiFailure && apply.error.status === 409;
  const isOutdated = models.desired !== null && base?.version !== models.desired.version;
  const close = () => change({ edit: undefined, add: undefined });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!('models' in read) || read.models.length === 0) return;
    apply.mutate({ models: read.models, note: note.trim(), basedOn: base?.version }, { onSuccess: close });
  };
  return (
    <Form onSubmit={submit} aria-label="What should be served">
      <LeaveGuard isNeeded={edited || note !== ''} />
      {models.desired && (isOutdated || isConflict) && (
        <Conflict
          base={base}
          newest={models.desired}
          onGoOn={() => {
            setBase(models.desired);
            apply.reset();
          }}
          onDrop={() => {
            setBase(models.desired);
            setDraft(draftOf(models.desired?.models ?? []));
            apply.reset();
          }}
        />
      )}
      <div className={styles['editor']}>
        <div className={styles['models']}>
          {draft.models.map((model) => (
            <ModelFields
              key={model.name}
              model={model}
              before={before}
              isDefault={draft.defaultName === model.name}
              problems={'problems' in read ? (read.problems[model.name] ?? {}) : {}}
              facts={catalogue?.models.find(({ name, aliases }) => name === model.name || aliases.includes(model.name))}
              onField={(field, value) => setDraft(withField(draft, model.name, field, value))}
              onDefault={() => setDraft({ ...draft, defaultName: model.name })}
              onRemove={() => setDraft(withoutModel(draft, model.name))}
            />
          ))}
          <AddModel
            names={catalogue?.models.map(({ name }) => name) ?? []}
            onAdd={(name) => setDraft(withModel(draft, name))}
          />
        </div>
        <div className={styles['side']}>
          <Card title="Plan">
            <div className={styles['plan']}>
              <Plan edited={edited} planned={planned} modelCount={draft.models.length} />
              <TextField
                label="Why"
                hint="For the list of versions and the audit; may stay empty."
                value={note}
                maxLength={NOTE_CHARS_MAX}
                onChange={({ target }) => setNote(target.value)}
              />
              {apply.error && !isConflict && <Problem what="It was not applied" error={apply.error} />}
              <div className={styles['buttons']}>
                <Button
                  kind="primary"
                  type="submit"
                  isBusy={apply.isPending}
                  disabled={!edited || !('models' in read) || isOutdated}
                >
                  Apply
                </Button>
                <Button onClick={() => setDraft(before)} disabled={!edited}>
                  Reset all
                </Button>
                <Button onClick={close}>{edited ? 'Cancel' : 'Close'}</Button>
              </div>
            </div>
          </Card>
        </div>
      </div>
    </Form>
  );
}

/** `planned`: the models, as JSON, so that a plan is asked for once each time that they change. */
function Plan({
  edited,
  planned,
  modelCount,
}: {
  readonly edited: boolean;
  readonly planned: string | undefined;
  readonly modelCount: number;
}): ReactNode {
  if (modelCount === 0) return <p className={styles['muted']}>Add a model: at least one is served.</p>;
  if (planned === undefined) return <p className={styles['muted']}>The plan comes when every field can be read.</p>;
  if (!edited)
    return <p className={styles['muted']}>Change something, and the steps to it stand here before they are taken.</p>;
  return <PlanSteps models={JSON.parse(planned)} />;
}

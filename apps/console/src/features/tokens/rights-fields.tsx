import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../session/use-session.js';
import { CheckField, FieldGroup, TextField } from '../../ui/field.js';
import { describeRights } from './could.js';
import { modelNamesQuery } from './queries.js';
import { rightsOf, type RightsDraft } from './rights-draft.js';
import { SCOPE_NAMES } from './scope-names.js';
import { SCOPE_LABELS } from './search.js';
import styles from './tokens.module.css';

interface RightsFieldsProps {
  readonly draft: RightsDraft;
  readonly onChange: (draft: RightsDraft) => void;
  readonly problems: Readonly<Record<string, string>>;
}

/** What a token may do: scopes, models and limits. */
export function RightsFields({ draft, onChange, problems }: RightsFieldsProps): ReactNode {
  const { may } = useSession();
  const { scopes } = draft;
  return (
    <>
      <FieldGroup legend="Scopes">
        <div className={styles['scopes']}>
          {SCOPE_NAMES.filter((scope) => scope !== 'admin:*' || may('tokens:write') || scopes.includes(scope)).map(
            (scope) => (
              <CheckField
                key={scope}
                label={scope}
                hint={SCOPE_LABELS[scope]}
                checked={scopes.includes(scope)}
                onChange={({ target }) => onChange({ ...draft, scopes: toggled(scopes, scope, target.checked) })}
              />
            ),
          )}
        </div>
        <Wrong text={problems['scopes']} />
      </FieldGroup>
      <Models draft={draft} onChange={onChange} problems={problems} />
      <Limits draft={draft} onChange={onChange} problems={problems} />
    </>
  );
}

function Models({ draft, onChange, problems }: RightsFieldsProps): ReactNode {
  const { data: served = [] } = useQuery(modelNamesQuery);
  const names = [...new Set([...served, ...draft.models])];
  return (
    <FieldGroup legend="Models">
      <CheckField
        label="Every model"
        hint="Also those that will be served later"
        checked={draft.isEveryModel}
        onChange={({ target }) => onChange({ ...draft, isEveryModel: target.checked })}
      />
      {!draft.isEveryModel &&
        names.map((name) => (
          <CheckField
            key={name}
            label={name}
            checked={draft.models.includes(name)}
            onChange={({ target }) => onChange({ ...draft, models: toggled(draft.models, name, target.checked) })}
          />
        ))}
      <Wrong text={problems['models']} />
    </FieldGroup>
  );
}

const LIMITS = {
  requestsPerMinute: 'Requests a minute',
  itemsPerDay: 'Texts and images a day',
  itemsInFlight: 'At a time',
} as const;

function Limits({ draft, onChange, problems }: RightsFieldsProps): ReactNode {
  const field = (name: keyof typeof LIMITS) => (
    <TextField
      label={LIMITS[name]}
      inputMode="numeric"
      placeholder="No limit"
      value={draft.limits[name]}
      problem={problems[name]}
      onChange={({ target }) => onChange({ ...draft, limits: { ...draft.limits, [name]: target.value } })}
    />
  );
  return (
    <FieldGroup legend="Limits">
      <div className={styles['limits']}>
        {field('requestsPerMinute')}
        {field('itemsPerDay')}
        {field('itemsInFlight')}
      </div>
    </FieldGroup>
  );
}

/** What the rights mean, in words, as they are ticked. */
export function Could({ draft }: { readonly draft: RightsDraft }): ReactNode {
  const { could, couldNot } = describeRights(rightsOf(draft));
  return (
    <div className={styles['could']}>
      <div>
        <h3>This token could</h3>
        <ul>
          {could.map((words) => (
            <li key={words}>
              <Check size={14} aria-hidden className={styles['good']} />
              <span>{words}</span>
            </li>
          ))}
          {could.length === 0 && <li>do nothing</li>}
        </ul>
      </div>
      {couldNot.length > 0 && (
        <div>
          <h3>It could not</h3>
          <ul>
            {couldNot.map((words) => (
              <li key={words} className={styles['off']}>
                <Minus size={14} aria-hidden />
                <span>{words}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Wrong({ text }: { readonly text: string | undefined }): ReactNode {
  return text === undefined ? null : <p role="alert">{text}</p>;
}

function toggled<Name>(names: readonly Name[], name: Name, isOn: boolean): readonly Name[] {
  return isOn ? [...names, name] : names.filter((other) => other !== name);
}

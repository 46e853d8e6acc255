import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from '../../../ui/loading.js';
import { Problem } from '../../../ui/problem.js';
import { SelectField } from '../../../ui/field.js';
import { Ago } from '../../../ui/time.js';
import { limitsText, replicasText } from '../words.js';
import { differencesQuery, type Version } from '../queries.js';
import { useModelsSearch } from '../use-models-search.js';
import { RollBack } from './roll-back.js';
import styles from './versions.module.css';

/** What is other in one version than in another, in sentences. */
export function Differences({
  from,
  desired,
  versions,
  canChange,
}: {
  readonly from: Version;
  readonly desired: Version;
  readonly versions: readonly Version[];
  readonly canChange: boolean;
}): ReactNode {
  const [{ to = desired.version }, change] = useModelsSearch();
  const { data, error } = useQuery(differencesQuery(from.version, to));
  const goesBack = canChange && from.version !== desired.version;
  return (
    <div className={styles['differences']}>
      <About version={from} />
      <SelectField label="Compared with" value={to} onChange={({ target }) => change({ to: Number(target.value) })}>
        {versions.map(({ version, note }) => (
          <option key={version} value={version}>
            {`Version ${version}${version === desired.version ? ', in force' : ''}${note === '' ? '' : `: ${note}`}`}
          </option>
        ))}
      </SelectField>
      <h3>
        What version {to} asks for that version {from.version} did not
      </h3>
      {error && <Problem what="The versions could not be compared" error={error} />}
      {!data && !error && <Loading what="Compares the versions" rows={2} />}
      {data?.differences.length === 0 && <p>Both ask for the same.</p>}
      {data && data.differences.length > 0 && (
        <ul className={styles['list']}>
          {data.differences.map(({ kind, text }) => (
            <li key={text} className={kind === 'vectors' ? styles['vectors'] : undefined}>
              {text}
            </li>
          ))}
        </ul>
      )}
      {goesBack && (
        <div>
          <RollBack
            to={from.version}
            inForce={desired.version}
            models={from.models}
            label={`Roll back to version ${from.version}`}
          />
        </div>
      )}
    </div>
  );
}

/** What a version asks for, who made it, when and why. */
function About({ version }: { readonly version: Version }): ReactNode {
  const { models, note, createdBy, createdAtMs, servedAtMs, source } = version;
  return (
    <>
      <p>
        Made <Ago ms={createdAtMs} /> by {source === 'settings' ? 'the settings' : createdBy.name}
        {note === '' ? '.' : `: ${note}.`}{' '}
        {servedAtMs === null ? (
          'No pod has ever served all of it.'
        ) : (
          <>
            First served whole <Ago ms={servedAtMs} />.
          </>
        )}
      </p>
      <ul className={styles['list']}>
        {models.map((model) => (
          <li key={model.name}>
            {[
              `${model.name}, ${replicasText(model)}`,
              ...(limitsText(model) === '' ? [] : [limitsText(model)]),
              ...(model.isDefault ? ['the default'] : []),
            ].join('; ')}
          </li>
        ))}
      </ul>
    </>
  );
}

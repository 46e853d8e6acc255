import type { ReactNode } from 'react';
import { Notice } from '../../../ui/notice.js';
import { Button } from '../../../ui/button.js';
import type { ModelsAnswer } from '../queries.js';
import { RollBack } from '../versions/roll-back.js';
import { useModelsSearch } from '../use-models-search.js';
import styles from './served.module.css';

/** Says that saved and live differ, on which pods, why, and the one thing to do about it. */
export function DifferenceBanner({
  models,
  canChange,
}: {
  readonly models: ModelsAnswer;
  readonly canChange: boolean;
}): ReactNode {
  const [, change] = useModelsSearch();
  const { desired, pods, differs } = models;
  if (!desired || differs.length === 0) return null;
  const answering = pods.filter(({ answers }) => answers).length;
  const where = answering === 1 ? '' : ` on ${differs.length} of ${answering} pods`;
  const differing = pods.filter(({ difference }) => difference !== null);
  const hasFailed = differing.some(({ state, version }) => state === 'failed' && version === desired.version);
  const good = models.versions.find(({ version, servedAtMs }) => version < desired.version && servedAtMs !== null);
  const action = !canChange ? undefined : hasFailed ? (
    good ? (
      <RollBack
        to={good.version}
        inForce={desired.version}
        models={good.models}
        label={`Roll back to version ${good.version}`}
      />
    ) : (
      <Button onClick={() => change({ edit: true })}>Change what is served</Button>
    )
  ) : undefined;
  return (
    <Notice
      tone={hasFailed ? 'problem' : 'warning'}
      title={
        hasFailed
          ? `Version ${desired.version} is saved and not served${where}: what was served before goes on.`
          : `Version ${desired.version} is saved and not live yet${where}.`
      }
      actions={action}
    >
      <ul className={styles['differences']}>
        {differing.slice(0, SHOWN_MAX).map(({ pod, difference }) => (
          <li key={pod}>
            <b>{pod}</b> {difference}
          </li>
        ))}
        {differing.length > SHOWN_MAX && <li>and {differing.length - SHOWN_MAX} more</li>}
      </ul>
    </Notice>
  );
}

const SHOWN_MAX = 5;

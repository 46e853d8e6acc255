import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { Notice } from '../../../ui/notice.js';
import { CodeBlock } from '../../../ui/copy.js';
import { Ago } from '../../../ui/time.js';
import type { ModelsAnswer, Version } from '../queries.js';
import { RollBack } from '../versions/roll-back.js';
import { useModelsSearch } from '../use-models-search.js';
import { Matrix } from './matrix.js';
import { PodCard } from './pod-card.js';
import styles from './served.module.css';

/** What is asked for beside what each pod serves. */
export function ServedTab({
  models,
  canChange,
}: {
  readonly models: ModelsAnswer;
  readonly canChange: boolean;
}): ReactNode {
  const [, change] = useModelsSearch();
  const { desired, pods } = models;
  if (!desired) {
    return (
      <EmptyState
        title="Nothing is served yet"
        action={
          canChange && (
            <Button kind="primary" onClick={() => change({ edit: true })}>
              Choose a model
            </Button>
          )
        }
      >
        {canChange
          ? 'Say which models should be served; every pod that serves models then loads them.'
          : 'Nobody has said yet which models should be served. An owner or admin does that here.'}
      </EmptyState>
    );
  }
  const inOrder = pods.toSorted((a, b) => Number(b.difference !== null) - Number(a.difference !== null));
  return (
    <div className={styles['served']}>
      {!pods.some(({ answers }) => answers) && <NoPod />}
      <InForce models={models} desired={desired} canChange={canChange} />
      <Matrix desired={desired} pods={pods} />
      <section aria-label="Pods" className={styles['pods']}>
        {inOrder.map((pod) => (
          <PodCard key={pod.pod} pod={pod} wanted={desired.version} />
        ))}
      </section>
    </div>
  );
}

/** Who asked for what is in force, when and why; and the way back to what was before. */
function InForce({
  models,
  desired,
  canChange,
}: {
  readonly models: ModelsAnswer;
  readonly desired: Version;
  readonly canChange: boolean;
}): ReactNode {
  const before = models.versions.find(({ version }) => version < desired.version);
  const { version, note, source, createdBy, createdAtMs } = desired;
  return (
    <div className={styles['inForce']}>
      <span>
        <b>Version {version}</b> is in force, asked for <Ago ms={createdAtMs} /> by{' '}
        {source === 'settings' ? 'the settings' : createdBy.name}
        {note === '' ? '.' : `: ${note}.`}
      </span>
      {canChange && before && (
        <RollBack kind="quiet" to={before.version} inForce={version} models={before.models} label="Undo this change" />
      )}
    </div>
  );
}

function NoPod(): ReactNode {
  return (
    <Notice tone="warning" title="No pod that serves models answers, so nothing is known of what is live.">
      <p>Start one with the same database; it loads what is asked for below by itself.</p>
      <CodeBlock code="npm start" label="Command that starts a pod" />
    </Notice>
  );
}

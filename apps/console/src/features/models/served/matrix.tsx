import type { ReactNode } from 'react';
import { formatShort } from '../../../format/format.js';
import { Status, type Tone } from '../../../ui/status.js';
import type { DesiredModel, PodModels, Version } from '../queries.js';
import { limitsText, replicasText } from '../words.js';
import styles from './served.module.css';

type Served = PodModels['served'][number];

const STATES: Record<Served['state'], { tone: Tone; word: string }> = {
  ready: { tone: 'good', word: 'Ready' },
  degraded: { tone: 'warning', word: 'Not all ready' },
  down: { tone: 'problem', word: 'Down' },
  leaving: { tone: 'note', word: 'Leaving' },
};

/** A row a model, and beside what is asked for a column a pod. */
export function Matrix({
  desired,
  pods,
}: {
  readonly desired: Version;
  readonly pods: readonly PodModels[];
}): ReactNode {
  const asked = new Set(desired.models.map(({ name }) => name));
  const others = new Set(
    pods.flatMap(({ served }) => served.map(({ name }) => name)).filter((name) => !asked.has(name)),
  );
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label="What is asked for and what is served">
      <table className={styles['matrix']}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Asked for, version {desired.version}</th>
            {pods.map(({ pod, answers }) => (
              <th key={pod} scope="col">
                Live on {pod}
                {!answers && <span className={styles['muted']}> as last told</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {desired.models.map((model) => (
            <Row key={model.name} name={model.name} asked={model} pods={pods} />
          ))}
          {[...others].map((name) => (
            <Row key={name} name={name} asked={undefined} pods={pods} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  name,
  asked,
  pods,
}: {
  readonly name: string;
  readonly asked: DesiredModel | undefined;
  readonly pods: readonly PodModels[];
}): ReactNode {
  return (
    <tr>
      <th scope="row">
        <span className={styles['name']}>{name}</span>
        {asked?.isDefault === true && <span className={styles['default']}>default</span>}
      </th>
      <td>
        {asked ? (
          <>
            {replicasText(asked)}
            <span className={styles['muted']}>{limitsText(asked)}</span>
          </>
        ) : (
          <span className={styles['muted']}>Not asked for any more</span>
        )}
      </td>
      {pods.map((pod) => (
        <td key={pod.pod}>
          <Live served={pod.served.find((each) => each.name === name)} isWanted={asked !== undefined} />
        </td>
      ))}
    </tr>
  );
}

function Live({ served, isWanted }: { readonly served: Served | undefined; readonly isWanted: boolean }): ReactNode {
  if (!served)
    return isWanted ? <Status tone="neutral">Not served</Status> : <span className={styles['muted']}>–</span>;
  const { tone, word } = STATES[served.state];
  const { replicas, replicasReady, devices, isDefault, textsPerSecond, imagesPerSecond } = served;
  const speeds = [
    textsPerSecond !== null && `${formatShort(textsPerSecond)} texts/s`,
    imagesPerSecond !== null && `${formatShort(imagesPerSecond)} images/s`,
  ].filter((speed) => speed !== false);
  return (
    <>
      <Status tone={tone}>{word}</Status> {isDefault && <span className={styles['default']}>default</span>}
      <span className={styles['muted']}>
        {replicasReady} of {replicas} {replicas === 1 ? 'replica' : 'replicas'} ready on{' '}
        {[...new Set(devices)].join(', ')}
        {speeds.length > 0 && `; ${speeds.join(', ')}`}
      </span>
    </>
  );
}

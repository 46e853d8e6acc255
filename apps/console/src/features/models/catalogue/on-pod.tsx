import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { Progress } from '../../../ui/progress.js';
import { Status, type Tone } from '../../../ui/status.js';
import { Ago } from '../../../ui/time.js';
import type { CatalogueModel } from '../queries.js';
import { sizeText } from '../words.js';
import styles from './catalogue.module.css';
import { progressOf } from './pull-progress.js';
import { useFileCommands } from './use-file-commands.js';

type ModelOnPod = CatalogueModel['pods'][number];

const VERIFIED: Record<NonNullable<ModelOnPod['verification']>['state'], { tone: Tone; word: string }> = {
  running: { tone: 'note', word: 'Being verified' },
  whole: { tone: 'good', word: 'Verified' },
  damaged: { tone: 'problem', word: 'Damaged' },
  failed: { tone: 'problem', word: 'Not verified' },
};
const PROBLEMS = { missing: 'is missing', size: 'has another size', content: 'has another content' };

/** The files of a model on one pod, its last download, and what a verification found. */
export function OnPod({
  model,
  pod,
  canChange,
}: {
  readonly model: string;
  readonly pod: ModelOnPod;
  readonly canChange: boolean;
}): ReactNode {
  const { pull, cancel } = useFileCommands(model);
  const running = progressOf({ pods: [pod] });
  const ended = pod.pull?.endedAtMs === null ? null : pod.pull;
  return (
    <li className={styles['pod']}>
      <div className={styles['podHead']}>
        <b>{pod.pod}</b>
        <PlaceOf pod={pod} />
      </div>
      {running && pod.pull && (
        <>
          <Progress
            label={`Download on ${pod.pod}`}
            value={running.bytesDone}
            max={running.bytes}
            text={running.text}
          />
          <p className={styles['muted']}>{pod.pull.text}</p>
          {canChange && pod.pull.isAsked && (
            <Button kind="quiet" isBusy={cancel.isPending} onClick={() => cancel.mutate(pod.pod)}>
              Cancel here
            </Button>
          )}
        </>
      )}
      {ended && ended.state !== 'ready' && (
        <div>
          <p>
            <b>{ended.state === 'failed' ? 'The download failed' : 'The download was cancelled'}</b>{' '}
            {ended.endedAtMs !== null && <Ago ms={ended.endedAtMs} />}: {ended.text}
          </p>
          {canChange && (
            <Button isBusy={pull.isPending} onClick={() => pull.mutate(pod.pod)}>
              Pull again
            </Button>
          )}
        </div>
      )}
      {pod.verification && (
        <div>
          <p>
            <Status tone={VERIFIED[pod.verification.state].tone}>{VERIFIED[pod.verification.state].word}</Status>{' '}
            {pod.verification.text}
          </p>
          {pod.verification.problems.length > 0 && (
            <ul>
              {pod.verification.problems.map(({ path, problem }) => (
                <li key={path}>
                  <code>{path}</code> {PROBLEMS[problem]}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  );
}

function PlaceOf({ pod: { place, bytes, served } }: { readonly pod: ModelOnPod }): ReactNode {
  const size = bytes === null ? '' : `, ${sizeText(bytes)}`;
  const where = place === 'folder' ? `in CAS_MODEL_DIR${size}` : place === 'cache' ? `downloaded${size}` : '';
  return (
    <span className={styles['place']}>
      {served !== null && <Status tone={served === 'ready' ? 'good' : 'warning'}>Served</Status>}
      {served === null && place !== null && <Status tone="neutral">Here</Status>}
      <span className={styles['muted']}>{where}</span>
    </span>
  );
}

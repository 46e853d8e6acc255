import { useState, type ReactNode } from 'react';
import { Ago } from '../../../ui/time.js';
import { Card } from '../../../ui/page.js';
import { Status } from '../../../ui/status.js';
import type { PodModels } from '../queries.js';
import styles from './served.module.css';

/** How far one pod is with the version in force, and why it is not further. */
export function PodCard({ pod, wanted }: { readonly pod: PodModels; readonly wanted: number }): ReactNode {
  const { answers, silence, reportedAtMs, step, reason, sinceMs, state, lines, model } = pod;
  return (
    <Card title={pod.pod} actions={<PodStatus pod={pod} wanted={wanted} />}>
      <div className={styles['podText']}>
        {!answers && (
          <p>
            {silence} It last reported <Ago ms={reportedAtMs} />.
          </p>
        )}
        {answers && state === 'applied' && sinceMs !== null && pod.difference === null && (
          <p>
            It serves just what is asked for. Its last step ended <Ago ms={sinceMs} />.
          </p>
        )}
        {step !== null && state !== 'applied' && (
          <p>
            <b>{state === 'failed' ? 'The step that failed:' : 'Under way:'}</b> {step}
          </p>
        )}
        {reason !== null && state !== 'applied' && (
          <p>
            <b>{state === 'failed' ? 'Why:' : 'Its last try failed:'}</b> {reason}
          </p>
        )}
        {state === 'failed' && (
          <p className={styles['muted']}>
            It tries again by itself. What was served before goes on being served.
            {sinceMs !== null && (
              <>
                {' '}
                Failed <Ago ms={sinceMs} />.
              </>
            )}
          </p>
        )}
        {lines !== null && lines.length > 0 && <LogLines model={model} lines={lines} />}
      </div>
    </Card>
  );
}

function PodStatus({ pod, wanted }: { readonly pod: PodModels; readonly wanted: number }): ReactNode {
  const { answers, state, version } = pod;
  if (!answers) return <Status tone="warning">Does not answer</Status>;
  if (state === 'failed') return <Status tone="problem">Failed</Status>;
  if (state === 'applied' && version === wanted) return <Status tone="good">Version {wanted}</Status>;
  return <Status tone="note">Under way</Status>;
}

/** The last lines about the model that did not load, the newest at the end; open when somebody wants them. */
function LogLines({
  model,
  lines,
}: {
  readonly model: string | null;
  readonly lines: NonNullable<PodModels['lines']>;
}): ReactNode {
  const [isOpen, setOpen] = useState(true);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Last log lines {model !== null && `about ${model}`}</summary>
      <pre className={styles['lines']} tabIndex={0} role="region" aria-label="Last log lines">
        {lines.map(({ atMs, level, replica, text }) => (
          <span key={`${atMs} ${text}`} className={styles[level]}>
            {new Date(atMs).toISOString().slice(11, 19)} {level} {replica ?? ''} {text}
            {'\n'}
          </span>
        ))}
      </pre>
    </details>
  );
}

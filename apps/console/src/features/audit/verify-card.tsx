import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { formatCount } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import styles from './audit.module.css';
import { verifyTrail, type Progress, type Verdict } from './verify-trail.js';

/** Checks the chain of the whole trail, and says in words what came of it. */
export function VerifyCard(): ReactNode {
  const [progress, setProgress] = useState<Progress>();
  const check = useMutation({ mutationFn: () => verifyTrail(setProgress) });
  return (
    <Card title="Is the trail whole?">
      <div className={styles['verify']}>
        <Button isBusy={check.isPending} onClick={() => check.mutate()}>
          Check the whole trail
        </Button>
        {check.isPending && progress && (
          <label>
            <progress max={progress.total} value={progress.checked} aria-label="Events checked" />{' '}
            {formatCount(progress.checked)} of {formatCount(progress.total)}
          </label>
        )}
        {check.isIdle && (
          <span>
            Each event holds the hash of the one before it, so that none can be changed, put in or taken out unseen.
          </span>
        )}
      </div>
      {check.error && (
        <Problem what="The trail could not be checked" error={check.error} onRetry={() => check.mutate()} />
      )}
      {check.data && <VerdictNotice verdict={check.data} />}
    </Card>
  );
}

function VerdictNotice({ verdict }: { readonly verdict: Verdict }): ReactNode {
  if (!verdict.ok) {
    return (
      <Notice tone="problem" title={`The trail is not whole: event ${verdict.seq}`}>
        {verdict.reason}. Export it now, compare it with an earlier export or back-up, and find out who could write to
        the database.
      </Notice>
    );
  }
  const head = `${verdict.head.seq}:${verdict.head.hash}`;
  return (
    <Notice
      tone="good"
      title={`The trail is whole: ${formatCount(verdict.events)} events, none changed, put in or taken out`}
    >
      <span className={styles['head']}>
        Keep this elsewhere: it shows later that these are still the same events. <code>{head}</code>
        <CopyButton text={head} label="Copy the number and hash of the last event" />
      </span>
    </Notice>
  );
}

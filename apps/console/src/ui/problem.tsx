import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api/failure.js';
import { Button } from './button.js';
import { CopyButton } from './copy.js';
import { Notice } from './notice.js';
import styles from './problem.module.css';

/**
 * A failure, in place of the part of the page that it concerns: what failed, why and what to do, with the id of the
 * request where there is one. `hasTrace`: the request went to the inference API, so that its trace can be opened.
 */
export function Problem({
  what,
  error,
  onRetry,
  hasTrace = false,
}: {
  /** What could not be done: `The tokens could not be read`. */
  readonly what: string;
  readonly error: Error;
  readonly onRetry?: () => void;
  readonly hasTrace?: boolean;
}): ReactNode {
  const requestId = error instanceof ApiFailure ? error.more.requestId : undefined;
  const retry = onRetry && mayPass(error) && <Button onClick={onRetry}>Try again</Button>;
  return (
    <Notice tone="problem" title={`${what}.`} {...(retry ? { actions: retry } : {})}>
      <p>{error.message}</p>
      {requestId !== undefined && (
        <p className={styles['request']}>
          Request <code>{requestId}</code> <CopyButton text={requestId} label="Copy the request id" />
          {hasTrace && (
            <Link to="/traces/$id" params={{ id: requestId }}>
              Open its trace
            </Link>
          )}
        </p>
      )}
    </Notice>
  );
}

/** Whether the same call may succeed later: what is not allowed, or cannot be understood, stays so. */
function mayPass(error: Error): boolean {
  return !(error instanceof ApiFailure) || ![403, 422].includes(error.status);
}

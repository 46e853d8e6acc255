import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from '../../ui/loading.js';
import { Notice } from '../../ui/notice.js';
import { Problem } from '../../ui/problem.js';
import styles from './plan-steps.module.css';
import { planQuery, type DesiredModel } from './queries.js';

/** The steps to these models in the words of `cas models plan`, with what to know before they are taken. */
export function PlanSteps({ models }: { readonly models: readonly DesiredModel[] }): ReactNode {
  const { data, error, isPlaceholderData, refetch } = useQuery(planQuery(models));
  if (error) return <Problem what="This cannot be served" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading what="Makes the plan" rows={3} />;
  return (
    <div className={styles['plan']} aria-busy={isPlaceholderData}>
      {data.steps.length === 0 ? (
        <p className={styles['none']}>Nothing to do: all is served as asked for.</p>
      ) : (
        <ol className={styles['steps']}>
          {data.steps.map(({ text }, at) => (
            // Two steps may be the same, such as two replicas more.
            <li key={`${at} ${text}`}>{text}</li>
          ))}
        </ol>
      )}
      {data.warnings.length > 0 && (
        <Notice tone="warning" title="Before you apply it">
          <ul className={styles['warnings']}>
            {data.warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

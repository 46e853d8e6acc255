import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { Notice } from '../../ui/notice.js';
import styles from './settings.module.css';

type Pod = Schemas['PodSettingsView'];

/** Says in what the settings of other processes differ from those that are shown; nothing where all are the same. */
export function PodDifferences({
  pods,
  fingerprint,
}: {
  readonly pods: readonly Pod[];
  readonly fingerprint: string;
}): ReactNode {
  const silent = pods.filter(({ answers }) => !answers);
  const others = pods.filter((pod) => pod.answers && pod.fingerprint !== null && pod.fingerprint !== fingerprint);
  const differing = others.filter(({ differences }) => differences.length > 0);
  return (
    <>
      {differing.map(({ name, differences }) => (
        <Notice key={name} tone="warning" title={`${name} was started with other settings`}>
          <ul className={styles['differences']}>
            {differences.map((one) => (
              <li key={one.name}>
                <code>{one.name}</code>: {words(one.there)} there, {words(one.here)} here
              </li>
            ))}
          </ul>
        </Notice>
      ))}
      {silent.map(({ name, reason }) => (
        <Notice key={name} tone="warning" title={`${name} does not answer`}>
          {reason} What its settings are now is not known. <Link to="/replicas">See all processes</Link>
        </Notice>
      ))}
    </>
  );
}

function words(value: string | null): ReactNode {
  return value === null ? 'its default' : <code>{value}</code>;
}

import { Link } from '@tanstack/react-router';
import { Database, FileText, Lock, Terminal, Variable } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatBytes, formatDuration } from '../../format/format.js';
import { CopyButton } from '../../ui/copy.js';
import styles from './settings.module.css';

type Setting = Schemas['SettingView'];

const SIGNS = { file: FileText, environment: Variable, argument: Terminal, database: Database };

const SOURCE_WORDS = { file: 'File', environment: 'Variable', argument: 'Argument', database: 'Set while it runs' };

/** One setting: what it is for at the left, its value and where that came from at the right. */
export function SettingRow({ setting }: { readonly setting: Setting }): ReactNode {
  const { name, doc, allowed, yaml, flag, overridden } = setting;
  return (
    <li className={styles['row']}>
      <div className={styles['what']}>
        <h3>
          <code>{name}</code>
          <CopyButton text={name} label={`Copy ${name}`} />
        </h3>
        <p>{doc}</p>
        <details>
          <summary>How to give it</summary>
          <p>
            It must be {allowed}. {setting.default === null ? 'Unset' : <code>{setting.default}</code>} by default.{' '}
            {yaml !== null && (
              <>
                In <code>cas.yml</code> it is <code>{yaml}</code>, as an argument <code>{flag}</code>.{' '}
              </>
            )}
            {changeWords(setting)}
          </p>
        </details>
      </div>
      <div className={styles['value']}>
        <Value setting={setting} />
        <Source setting={setting} />
        {overridden.length > 0 && (
          <span className={styles['overridden']}>also given, without effect: {overridden.join(', ')}</span>
        )}
      </div>
    </li>
  );
}

function Value({ setting: { value, isSet, isSecret, allowed } }: { readonly setting: Setting }): ReactNode {
  if (!isSet) return <span className={styles['unset']}>unset</span>;
  const hidden = (
    <span className={styles['secret']}>
      <Lock size={13} aria-hidden /> {value === null ? 'set, not shown' : 'shown without its credentials'}
    </span>
  );
  return (
    <>
      {value !== null && (
        <span>
          <code className={styles['shown']}>{value}</code> <span>{readable(value, allowed)}</span>
        </span>
      )}
      {isSecret && hidden}
    </>
  );
}

/** A long number of bytes or milliseconds as people read it; nothing for what is read as it is. */
function readable(value: string, allowed: string): string {
  const number = Number(value);
  if (!Number.isFinite(number) || number < 1000) return '';
  if (allowed.startsWith('a size')) return formatBytes(number);
  return allowed.includes('(milliseconds)') ? formatDuration(number) : '';
}

function Source({ setting: { source, from } }: { readonly setting: Setting }): ReactNode {
  if (source === 'default') return <span className={styles['unset']}>default</span>;
  const Sign = SIGNS[source];
  return (
    <span className={styles['source']}>
      <Sign size={13} aria-hidden />
      <span>
        {SOURCE_WORDS[source]}
        {from !== null && (
          <>
            : <span className={styles['from']}>{from}</span>
          </>
        )}
      </span>
    </span>
  );
}

function changeWords({ change }: Setting): ReactNode {
  switch (change) {
    case 'restart':
      return 'A change takes effect with the next start.';
    case 'file':
      return 'New files under the same path are taken up while it runs; another path with the next start.';
    case 'log-level':
      return 'It is changed for a while at the top of this page.';
    case 'models':
      return (
        <>
          It counts at the first start; afterwards <Link to="/models">models</Link> are changed while it runs.
        </>
      );
  }
}

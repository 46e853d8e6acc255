import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { printTerm } from '../../query/print.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy.js';
import { Instant } from '../../ui/time.js';
import type { AuditSearch } from './audit-search.js';
import { actionWords } from '../../format/audit-words.js';
import styles from './audit.module.css';
import { AUDIT } from './language.js';
import { changesOf, type FieldChange } from './changes.js';
import { PlainTable } from '../../ui/plain-table.js';
import { FactList } from '../../ui/fact-list.js';

type Event = Schemas['AuditEventView'];

const KINDS: Readonly<Record<string, string>> = {
  account: 'in the console',
  token: 'by an access token',
  host: 'on the host',
  system: 'the service itself',
};

/** One event: who did what to what, each field before and after, and the hash by which it is chained. */
export function EventDetails({
  event: { atMs, actor, action, target, before, after, hash },
  onFilter,
}: {
  readonly event: Event;
  readonly onFilter: (search: AuditSearch) => void;
}): ReactNode {
  const changes = changesOf(before, after);
  return (
    <>
      <p>
        <strong>{actor.name}</strong> ({KINDS[actor.kind] ?? actor.kind}
        {actor.from === null ? '' : `, from ${actor.from}`}) {actionWords(action)} <strong>{target.name}</strong>.
      </p>
      <FactList>
        <dt>When</dt>
        <dd>
          <Instant ms={atMs} />
        </dd>
        <dt>Action</dt>
        <dd>
          <code>{action}</code>
        </dd>
        <dt>Of</dt>
        <dd>
          {target.kind} <Target kind={target.kind} id={target.id} />
        </dd>
        <dt>Hash</dt>
        <dd className={styles['hash']}>
          <code>{hash}</code> <CopyButton text={hash} label="Copy the hash" />
        </dd>
      </FactList>
      {changes.length > 0 && <Changes changes={changes} hasBefore={before !== null} />}
      <div className={styles['links']}>
        <Button onClick={() => onFilter(only('target', target.id))}>All changes of this {target.kind}</Button>
        <Button onClick={() => onFilter(only('actor', actor.id))}>All that {actor.name} did</Button>
      </div>
    </>
  );
}

function only(key: string, value: string): AuditSearch {
  return { q: printTerm({ key, not: false, any: [value] }, AUDIT) };
}

function Target({ kind, id }: { readonly kind: string; readonly id: string }): ReactNode {
  if (kind === 'token') {
    return <a href={`/tokens/${encodeURIComponent(id)}`}>{id}</a>;
  }
  if (kind === 'models') return <Link to="/models">{id}</Link>;
  if (kind === 'settings') return <Link to="/settings">{id}</Link>;
  return <code>{id}</code>;
}

function Changes({
  changes,
  hasBefore,
}: {
  readonly changes: readonly FieldChange[];
  readonly hasBefore: boolean;
}): ReactNode {
  return (
    <PlainTable label="What was changed" className={styles['changes']}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          {hasBefore && <th scope="col">Before</th>}
          <th scope="col">{hasBefore ? 'After' : 'Value'}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after, isChanged }) => (
          <tr key={field} data-changed={isChanged}>
            <th scope="row">{field}</th>
            {hasBefore && (
              <td>{isChanged && before !== null ? <del className={styles['was']}>{before}</del> : (before ?? '–')}</td>
            )}
            <td>
              {isChanged && hasBefore && after !== null ? (
                <ins className={styles['is']}>{after}</ins>
              ) : (
                (after ?? 'removed')
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </PlainTable>
  );
}

import type { ReactNode } from 'react';
import type { QueryTerm } from '../../query/language.js';
import { replace } from '../../query/change.js';
import { printQuery } from '../../query/print.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { QueryBar, type KnownValue } from '../../ui/query-bar.js';
import { auditSearchOf, type AuditSearch } from './audit-search.js';
import { ACTION_GROUPS } from '../../format/audit-words.js';
import styles from './audit.module.css';
import { AUDIT } from './language.js';

/** Stands for an action that is asked for in the line of the query, and in no group. */
const OTHER = 'other';

/** One query for the line and for the choice of a group, and days; all of it stands in the address. */
export function AuditFilters({
  search,
  terms,
  valuesOf,
  onChange,
}: {
  readonly search: AuditSearch;
  readonly terms: readonly QueryTerm[];
  /** Values of a key that occur in what is shown. */
  readonly valuesOf: (key: string) => readonly KnownValue[];
  readonly onChange: (next: AuditSearch) => void;
}): ReactNode {
  const { event: _, ...filters } = search;
  const set = (key: keyof AuditSearch, value: string) => onChange(auditSearchOf({ ...filters, [key]: value }));
  const group = groupOf(terms);
  const choose = (begin: string) => {
    const others = terms.filter(({ key }) => key !== 'action');
    const next = begin === '' ? others : replace(terms, { key: 'action', not: false, any: [begin] });
    set('q', printQuery(next, AUDIT));
  };
  return (
    <div role="search" className={styles['filters']}>
      <QueryBar
        label="Search changes"
        placeholder="action:token. -actor:ann@example.com, or a part of a name"
        language={AUDIT}
        value={search.q ?? ''}
        valuesOf={valuesOf}
        onSearch={(text) => set('q', text)}
      />
      <FilterBar label="Which changes are shown">
        <SelectField label="Changes of" value={group} onChange={({ target }) => choose(target.value)}>
          {group === OTHER && <option value={OTHER}>as the query says</option>}
          {ACTION_GROUPS.map(({ begin, words }) => (
            <option key={begin} value={begin}>
              {words}
            </option>
          ))}
        </SelectField>
        <TextField
          label="From day (UTC)"
          type="date"
          value={search.from ?? ''}
          onChange={({ target }) => set('from', target.value)}
        />
        <TextField
          label="To day (UTC)"
          type="date"
          value={search.to ?? ''}
          onChange={({ target }) => set('to', target.value)}
        />
        {Object.keys(filters).length > 0 && <Button onClick={() => onChange({})}>Clear</Button>}
      </FilterBar>
    </div>
  );
}

/** The group whose changes alone are asked for; '' = those of all. */
function groupOf(terms: readonly QueryTerm[]): string {
  const actions = terms.filter(({ key }) => key === 'action');
  const [only] = actions;
  if (only === undefined) return '';
  const value = actions.length === 1 && !only.not && 'any' in only && only.any.length === 1 ? only.any[0] : undefined;
  return ACTION_GROUPS.find(({ begin }) => begin === value)?.begin ?? OTHER;
}

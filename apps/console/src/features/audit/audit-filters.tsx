import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { auditSearchOf, type AuditSearch } from './audit-search.js';
import { ACTION_GROUPS, actionWords } from './audit-words.js';

/** Typed words are looked for when the typing stops. */
const TYPED_MS = 300;

/** Who, what, of what, when; all of it stands in the address. */
export function AuditFilters({
  search,
  onChange,
}: {
  readonly search: AuditSearch;
  readonly onChange: (next: AuditSearch) => void;
}): ReactNode {
  const { event: _, ...filters } = search;
  const box = useRef<HTMLDivElement>(null);
  useShortcut('search', () => box.current?.querySelector('input')?.focus());
  const set = (key: keyof AuditSearch) => (value: string) => onChange(auditSearchOf({ ...search, [key]: value }));
  const { action = '' } = search;
  const isGroup = ACTION_GROUPS.some(({ begin }) => begin === action);
  return (
    <div ref={box} role="search">
      <FilterBar label="Which changes are shown">
        <TypedField label="Who" placeholder="e-mail, token or id" value={search.actor ?? ''} onType={set('actor')} />
        <SelectField label="Changes of" value={action} onChange={({ target }) => set('action')(target.value)}>
          {!isGroup && <option value={action}>{actionWords(action)}</option>}
          {ACTION_GROUPS.map(({ begin, words }) => (
            <option key={begin} value={begin}>
              {words}
            </option>
          ))}
        </SelectField>
        <TypedField label="Of what" placeholder="name or id" value={search.target ?? ''} onType={set('target')} />
        <TextField
          label="From day (UTC)"
          type="date"
          value={search.from ?? ''}
          onChange={({ target }) => set('from')(target.value)}
        />
        <TextField
          label="To day (UTC)"
          type="date"
          value={search.to ?? ''}
          onChange={({ target }) => set('to')(target.value)}
        />
        {Object.keys(filters).length > 0 && <Button onClick={() => onChange({})}>Clear</Button>}
      </FilterBar>
    </div>
  );
}

function TypedField({
  label,
  placeholder,
  value,
  onType,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onType: (value: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  // A filter that was set elsewhere, as by a link of an event, is taken over.
  if (seen !== value) {
    setSeen(value);
    setTyped(value);
  }
  const report = useRef(onType);
  useEffect(() => {
    report.current = onType;
  });
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => report.current(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      type="search"
      maxLength={400}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

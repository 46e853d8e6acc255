import { useQuery } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { useSession } from '../../session/use-session.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { modelNamesQuery } from './queries.js';
import { CONDITION_LABELS, ORDER_LABELS, searchable, type TokenSearch } from './search.js';
import { SCOPE_NAMES } from './scope-names.js';
import styles from './tokens.module.css';

/** What narrows the list down; the address holds all of it. */
export function TokenFilters({
  search,
  onChange,
  seesAll,
}: {
  readonly search: TokenSearch;
  readonly onChange: (changes: Partial<Record<keyof TokenSearch, unknown>>) => void;
  readonly seesAll: boolean;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const { account } = useSession();
  const { data: models = [] } = useQuery(modelNamesQuery);
  useShortcut('search', () => input.current?.focus());
  const isOther = search.owner !== undefined && search.owner !== 'host' && search.owner !== account?.id;
  return (
    <search className={styles['filters']}>
      <TextField
        ref={input}
        label="Name or public part"
        type="search"
        value={search.name ?? ''}
        onChange={({ target }) => onChange({ name: searchable(target.value) })}
      />
      <SelectField
        label="Status"
        value={search.status ?? ''}
        onChange={({ target }) => onChange({ status: target.value })}
      >
        <option value="">Any</option>
        {Object.entries(CONDITION_LABELS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Scope"
        value={search.scope ?? ''}
        onChange={({ target }) => onChange({ scope: target.value })}
      >
        <option value="">Any</option>
        {SCOPE_NAMES.map((scope) => (
          <option key={scope} value={scope}>
            {scope}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="May use"
        value={search.model ?? ''}
        onChange={({ target }) => onChange({ model: target.value })}
      >
        <option value="">Any model</option>
        {[...new Set([...models, ...(search.model === undefined ? [] : [search.model])])].map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </SelectField>
      {seesAll && (
        <SelectField
          label="Owner"
          value={search.owner ?? ''}
          onChange={({ target }) => onChange({ owner: target.value })}
        >
          <option value="">Everybody</option>
          {account !== null && <option value={account.id}>You</option>}
          <option value="host">Made on the host</option>
          {isOther && <option value={search.owner}>One account</option>}
        </SelectField>
      )}
      <SelectField
        label="Order"
        value={search.order ?? 'created'}
        onChange={({ target }) => onChange({ order: target.value })}
      >
        {Object.entries(ORDER_LABELS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <CheckField
        label="Ended, too"
        checked={search.ended ?? false}
        onChange={({ target }) => onChange({ ended: target.checked })}
      />
    </search>
  );
}

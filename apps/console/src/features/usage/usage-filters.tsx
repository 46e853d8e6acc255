import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatInstant } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { DAYS, SPLITS, type Span, type Split, type UsageSearch, type UsageSearchChange } from './usage-search.js';
import type { PartSum } from './usage-sums.js';

const SPAN_NAMES: Readonly<Record<(typeof DAYS)[number], string>> = {
  1: 'Last 24 hours',
  7: 'Last 7 days',
  30: 'Last 30 days',
  90: 'Last 90 days',
  365: 'Last year',
};

const SPLIT_NAMES: Readonly<Record<Split, string>> = {
  model: 'model',
  token: 'token',
  protocol: 'protocol',
  outcome: 'how it ended',
};

/** What narrows the usage down; all of it stands in the address. */
export function UsageFilters({
  search,
  span,
  parts,
  onChange,
}: {
  readonly search: UsageSearch;
  readonly span: Span;
  /** What is shown now, for the names of tokens. */
  readonly parts: readonly PartSum[];
  readonly onChange: (more: UsageSearchChange) => void;
}): ReactNode {
  const { days = 7, from, split = 'model' } = search;
  return (
    <FilterBar label="What is shown">
      <SelectField
        label="Time"
        value={from === undefined ? String(days) : 'drawn'}
        onChange={({ target }) => onChange({ days: Number(target.value), from: undefined, to: undefined })}
      >
        {from !== undefined && (
          <option value="drawn">
            {formatInstant(span.fromMs)} – {formatInstant(span.toMs)}
          </option>
        )}
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {SPAN_NAMES[one]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="A bar is"
        value={span.by}
        onChange={({ target }) => onChange({ by: target.value === 'hour' ? 'hour' : 'day' })}
      >
        <option value="hour">an hour</option>
        <option value="day">a day</option>
      </SelectField>
      <SelectField
        label="Split by"
        value={split}
        onChange={({ target }) => onChange({ split: SPLITS.find((one) => one === target.value) ?? 'model' })}
      >
        {SPLITS.map((one) => (
          <option key={one} value={one}>
            {SPLIT_NAMES[one]}
          </option>
        ))}
      </SelectField>
      {SPLITS.filter((one) => search[one] !== undefined).map((one) => (
        <Button
          key={one}
          onClick={() => onChange({ [one]: undefined })}
          aria-label={`Show every ${SPLIT_NAMES[one]} again`}
        >
          {SPLIT_NAMES[one]}: {nameOf(search[one], parts)} <X size={14} aria-hidden />
        </Button>
      ))}
    </FilterBar>
  );
}

function nameOf(id: string | undefined, parts: readonly PartSum[]): string {
  return parts.find((part) => part.id === id)?.name ?? (id === undefined ? '' : id.slice(0, 24));
}

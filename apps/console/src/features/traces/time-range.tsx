import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatInstant } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import type { TracesSearch } from './search-state.js';
import styles from './time-range.module.css';

const LABELS = {
  '': 'All that is kept',
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '24h': 'Last day',
  '7d': 'Last week',
};

/** Which time is looked at: back from now, or what was drawn over the chart. */
export function TimeRange({
  search,
  onChange,
}: {
  readonly search: TracesSearch;
  readonly onChange: (change: { last?: string | undefined; from?: undefined; to?: undefined }) => void;
}): ReactNode {
  const { last, from, to } = search;
  if (from !== undefined && to !== undefined) {
    return (
      <Button
        className={styles['drawn']}
        onClick={() => onChange({ from: undefined, to: undefined })}
        aria-label={`Show all times, not only ${formatInstant(from)} to ${formatInstant(to)}`}
      >
        {formatInstant(from)} – {formatInstant(to)} <X size={14} aria-hidden />
      </Button>
    );
  }
  return (
    <select
      className={styles['select']}
      aria-label="Time"
      value={last ?? ''}
      onChange={({ target }) => onChange({ last: target.value || undefined })}
    >
      {Object.entries(LABELS).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

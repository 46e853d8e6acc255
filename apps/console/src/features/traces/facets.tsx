import { CircleMinus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatCount } from '../../format/format.js';
import { exclude, include, standingOf } from '../../query/change.js';
import type { QueryTerm } from '../../query/language.js';
import { IconButton } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import styles from './facets.module.css';

type Facet = Schemas['TraceFacetsView']['facets'][number];

const LABELS: Readonly<Record<string, string>> = {
  ...{
    outcome: 'Outcome',
    model: 'Model',
    operation: 'Operation',
    protocol: 'Protocol',
    token: 'Token',
    pod: 'Process',
  },
};
const FEW = 6;

interface FacetsProps {
  readonly facets: readonly Facet[];
  readonly terms: readonly QueryTerm[];
  readonly onChange: (terms: readonly QueryTerm[]) => void;
}

/** How many requests have each value; a click asks for one, or for all without it. The same query as in the bar. */
export function Facets({ facets, terms, onChange }: FacetsProps): ReactNode {
  return (
    <div className={styles['facets']}>
      {facets.map((facet) => (
        <FacetList key={facet.key} facet={facet} terms={terms} onChange={onChange} />
      ))}
    </div>
  );
}

function FacetList({ facet, terms, onChange }: Omit<FacetsProps, 'facets'> & { readonly facet: Facet }): ReactNode {
  const [isAll, setAll] = useState(false);
  const { key } = facet;
  const values = facet.values.filter(({ value }) => value !== null);
  const label = LABELS[key] ?? key;
  if (values.length === 0) return null;
  return (
    <section aria-label={label}>
      <h2 className={styles['title']}>{label}</h2>
      <ul className={styles['list']}>
        {values.slice(0, isAll ? undefined : FEW).map((counted) => {
          const word = wordOf(counted, facet);
          const standing = standingOf(terms, key, word);
          return (
            <li key={counted.value} className={classNames(styles['value'], styles[standing])}>
              <button
                type="button"
                className={styles['include']}
                aria-pressed={standing === 'included'}
                onClick={() => onChange(include(terms, key, word))}
              >
                <span className={styles['word']}>{counted.name ?? counted.value}</span>
                <span className={styles['count']}>{formatCount(counted.count)}</span>
              </button>
              <IconButton
                label={`All without ${counted.name ?? counted.value ?? ''}`}
                aria-pressed={standing === 'excluded'}
                className={styles['exclude']}
                onClick={() => onChange(exclude(terms, key, word))}
              >
                <CircleMinus size={14} aria-hidden />
              </IconButton>
            </li>
          );
        })}
      </ul>
      {(values.length > FEW || facet.more > 0) && (
        <button type="button" className={styles['more']} onClick={() => setAll(!isAll)} aria-expanded={isAll}>
          {isAll ? 'Fewer' : `${formatCount(values.length - FEW + facet.more)} more`}
        </button>
      )}
    </section>
  );
}

/** How the query calls a value: a token by its name, while no other one has it. */
function wordOf({ value, name }: Facet['values'][number], { values }: Facet): string {
  const isUnique = name !== null && values.filter((other) => other.name === name).length === 1;
  return isUnique ? name : (value ?? '');
}

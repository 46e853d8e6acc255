import { useState, type ReactNode } from 'react';
import { SelectField } from '../../ui/field.js';
import { Thumbnail } from './pictures-input.js';
import styles from './playground.module.css';
import type { Results } from './use-results.js';

/** The pictures of this visit in the order in which they fit one sentence. */
export function SearchView({ results: { texts, rows } }: { readonly results: Results }): ReactNode {
  const [query, setQuery] = useState(0);
  const at = Math.min(query, texts.length - 1);
  const found = rows
    .flatMap(({ picture, cosines }) => (cosines?.[at] === undefined ? [] : [{ picture, cosine: cosines[at] }]))
    .toSorted((one, other) => other.cosine - one.cosine);
  return (
    <div className={styles['stack']}>
      <SelectField label="Find pictures of" value={at} onChange={(event) => setQuery(Number(event.target.value))}>
        {texts.map((text, index) => (
          <option key={text} value={index}>
            {text}
          </option>
        ))}
      </SelectField>
      <ol className={styles['found']} aria-label="Pictures, best first">
        {found.map(({ picture, cosine }) => (
          <li key={picture.id}>
            <Thumbnail picture={picture} isNamed />
            <span className={styles['name']}>{picture.name}</span>
            <span className="number">{cosine.toFixed(3)}</span>
          </li>
        ))}
      </ol>
      {rows.length < 2 && <p className={styles['muted']}>Add more pictures: then this is a search.</p>}
    </div>
  );
}

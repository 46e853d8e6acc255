import type { ReactNode } from 'react';
import { Status, type Tone } from '../../ui/status.js';
import type { Token } from './queries.js';
import { CONDITION_LABELS, type Condition } from './search.js';
import styles from './tokens.module.css';

const TONES: Readonly<Record<Condition, Tone>> = {
  active: 'good',
  unused: 'neutral',
  expires_soon: 'warning',
  refused_often: 'problem',
  limited_often: 'warning',
  rotating: 'note',
  playground: 'note',
  expired: 'neutral',
  revoked: 'neutral',
};

/** The gravest condition of a token, with all of them and what to do as its tooltip. */
export function TokenStatus({ token }: { readonly token: Pick<Token, 'conditions'> }): ReactNode {
  const [first, ...more] = token.conditions;
  if (first === undefined) return null;
  const title = token.conditions.map(({ why, todo }) => `${why}${todo === null ? '' : ` ${todo}`}`).join('\n');
  return (
    <Status tone={TONES[first.condition]} title={title}>
      {CONDITION_LABELS[first.condition]}
      {more.length > 0 && ` +${more.length}`}
    </Status>
  );
}

/** Every condition of a token, with why and what to do. */
export function TokenConditions({ token }: { readonly token: Pick<Token, 'conditions'> }): ReactNode {
  return (
    <ul className={styles['plainList']}>
      {token.conditions.map(({ condition, why, todo }) => (
        <li key={condition} className={styles['condition']}>
          <Status tone={TONES[condition]}>{CONDITION_LABELS[condition]}</Status>
          <p>{why}</p>
          {todo !== null && <p>{todo}</p>}
        </li>
      ))}
    </ul>
  );
}

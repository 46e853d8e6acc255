import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.js';
import { FieldGroup } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import styles from './tokens.module.css';

const DAYS = [30, 90, 365] as const;

/** The days that a new token lives unless it is said otherwise. */
export const DAYS_DEFAULT = 90;

/** When a token ends. “Never” is behind a second click: such a token outlives everybody who knows of it. */
export function ExpiryChoice({
  days,
  onChange,
}: {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}): ReactNode {
  const [isAsked, setAsked] = useState(false);
  return (
    <FieldGroup legend="Expires">
      <div className={styles['choices']}>
        {DAYS.map((choice) => (
          <label key={choice} className={styles['choice']}>
            <input type="radio" name="days" checked={days === choice} onChange={() => onChange(choice)} />
            in {choice} days
          </label>
        ))}
        {(isAsked || days === null) && (
          <label className={styles['choice']}>
            <input type="radio" name="days" checked={days === null} onChange={() => onChange(null)} />
            never
          </label>
        )}
        {!isAsked && days !== null && (
          <Button kind="quiet" onClick={() => setAsked(true)}>
            No expiry …
          </Button>
        )}
      </div>
      {days === null && (
        <Notice tone="warning">
          A token without an end works until somebody revokes it, also when nobody knows of it any more.
        </Notice>
      )}
    </FieldGroup>
  );
}

import type { ReactNode } from 'react';
import { formatShare } from '../../format/format.js';
import { Thumbnail } from './pictures-input.js';
import styles from './playground.module.css';
import type { PictureResult, Results } from './use-results.js';

/** For each picture the sentences, best first. */
export function RankingView({ results: { texts, rows } }: { readonly results: Results }): ReactNode {
  return (
    <div className={styles['stack']}>
      {rows.map((row) => (
        <section key={row.picture.id} className={styles['ranking']} aria-label={`Ranking of ${row.picture.name}`}>
          <Thumbnail picture={row.picture} />
          <ol className={styles['bars']}>
            {ranked(row, texts).map(({ text, share, cosine }) => (
              <li key={text}>
                <span className={styles['barText']}>{text}</span>
                <span className={styles['barTrack']} aria-hidden>
                  <span className={styles['bar']} style={{ width: `${share * 100}%` }} />
                </span>
                <span className={styles['barValue']}>
                  {formatShare(share)} <span className={styles['muted']}>{cosine.toFixed(3)}</span>
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
      <p className={styles['credit']}>Share of the softmax over the sentences, then the cosine.</p>
    </div>
  );
}

function ranked({ cosines, shares }: PictureResult, texts: readonly string[]) {
  return texts
    .flatMap((text, at) => {
      const [share, cosine] = [shares?.[at], cosines?.[at]];
      return share === undefined || cosine === undefined ? [] : [{ text, share, cosine }];
    })
    .toSorted((one, other) => other.cosine - one.cosine);
}

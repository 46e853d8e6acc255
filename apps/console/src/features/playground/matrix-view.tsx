import { Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatShare } from '../../format/format.js';
import { CheckField } from '../../ui/field.js';
import type { Asked } from './asked.js';
import { Thumbnail } from './pictures-input.js';
import styles from './playground.module.css';
import type { SearchChange } from './search.js';
import type { PictureResult, Results } from './use-results.js';

interface MatrixViewProps {
  readonly results: Results;
  /** Shares of the softmax over the row instead of cosines. */
  readonly isShare: boolean;
  readonly onSearch: (change: SearchChange) => void;
  readonly onExplain: (asked: Asked) => void;
}

/** Every picture against every text. A cell explains its score when it is pressed. */
export function MatrixView({ results, isShare, onSearch, onExplain }: MatrixViewProps): ReactNode {
  const { texts, rows } = results;
  return (
    <div className={styles['stack']}>
      <CheckField
        label="Shares instead of cosines"
        hint="The softmax over the sentences: how sure the model is of each, beside the others. Press a cell to see why."
        checked={isShare}
        onChange={(event) => onSearch({ scores: event.target.checked ? 'share' : undefined })}
      />
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Pictures and sentences">
        <table className={styles['matrix']}>
          <caption className="unseen">
            {isShare ? 'Share of each sentence' : 'Cosine of each picture and sentence'}
          </caption>
          <thead>
            <tr>
              <th scope="col">Picture</th>
              {texts.map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.picture.id}>
                <th scope="row">
                  <span className={styles['named']}>
                    <Thumbnail picture={row.picture} isNamed />
                    <span className={styles['name']}>{row.picture.name}</span>
                  </span>
                </th>
                {texts.map((text, at) => (
                  <td key={text}>
                    <Cell {...{ row, at, isShare, text }} onExplain={() => onExplain(askedOf(results, row, at))} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Most texts of one explanation. */
const EXPLAINED_TEXTS_MAX = 16;

/** The text itself stays among those that are explained, however many there are. */
function askedOf({ model, texts }: Results, { picture }: PictureResult, at: number): Asked {
  if (texts.length <= EXPLAINED_TEXTS_MAX) return { model, picture, texts, text: at };
  const from = Math.min(at, texts.length - EXPLAINED_TEXTS_MAX);
  return { model, picture, texts: texts.slice(from, from + EXPLAINED_TEXTS_MAX), text: at - from };
}

function Cell({
  row: { picture, cosines, shares, error },
  at,
  isShare,
  text,
  onExplain,
}: {
  readonly row: PictureResult;
  readonly at: number;
  readonly isShare: boolean;
  readonly text: string;
  readonly onExplain: () => void;
}): ReactNode {
  const [cosine, share] = [cosines?.[at], shares?.[at]];
  if (cosine === undefined || share === undefined)
    return <span className={styles['muted']}>{error ? 'failed' : '…'}</span>;
  const best = Math.max(...(cosines ?? []));
  const value = isShare ? formatShare(share) : cosine.toFixed(3);
  return (
    <button
      type="button"
      className={styles['cell']}
      style={{ '--heat': `${Math.round(35 * (isShare ? share : heatOf(cosine)))}%` }}
      onClick={onExplain}
      aria-label={`${value}: ${picture.name}, ${text}. Explain it`}
    >
      <span className="number">{value}</span>
      {cosine === best && <Sparkles size={12} aria-label="best" />}
    </button>
  );
}

/** Cosines of pictures and texts lie between about 0 and 0.4, whatever the model. */
function heatOf(cosine: number): number {
  return Math.max(0, Math.min(1, cosine / 0.4));
}

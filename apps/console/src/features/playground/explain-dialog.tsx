import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { formatShare } from '../../format/format.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, SelectField } from '../../ui/field.js';
import { Loading } from '../../ui/loading.js';
import { Problem } from '../../ui/problem.js';
import type { Asked } from './asked.js';
import { explain, type DropMap, type Explained } from './calls.js';
import { HeatPicture } from './heat-picture.js';
import { LatencyStrip } from './latency-strip.js';
import styles from './playground.module.css';
import { FactList } from '../../ui/fact-list.js';

const GRIDS = [5, 7, 10, 14] as const;

/** What the map shows the drops of. */
type Value = 'score' | 'cosine';

/** A share that changes less than this is all but certain, and its map tells nothing. */
const SHARE_DROP_MIN = 0.02;

/** The share, which tells one sentence from the others, unless nothing that is covered changes it. */
function tellingValue(result: Explained['results'][number] | undefined): Value {
  const most = Math.max(...(result?.score.range ?? [0]).map(Math.abs));
  return most >= SHARE_DROP_MIN ? 'score' : 'cosine';
}

/** Why a picture got its score with a text: a map of the regions that carry it. */
export function ExplainDialog({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }): ReactNode {
  const { model, picture, texts } = asked;
  const [text, setText] = useState(asked.text);
  const [grid, setGrid] = useState<number>(7);
  const [mode, setMode] = useState('patch');
  const [chosen, setChosen] = useState<Value>();
  const query = useQuery({
    queryKey: ['playground', 'explain', model.id, picture.id, texts, grid, mode],
    queryFn: ({ signal }) => explain({ model: model.id, image: picture.image, texts, grid, mode }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const value = chosen ?? tellingValue(query.data?.results[text]);
  return (
    <Dialog isOpen onClose={onClose} title="Why this answer" size="large">
      <div className={styles['stack']}>
        <p className={styles['muted']}>
          Parts of {picture.name} are covered one after the other with its mean colour. Where the score falls, that part
          spoke for the sentence. It takes {grid * grid + 1} pictures of work, counted against your limits.
        </p>
        <div className={styles['choices']}>
          <SelectField label="Sentence" value={text} onChange={(event) => setText(Number(event.target.value))}>
            {texts.map((one, at) => (
              <option key={one} value={at}>
                {one}
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Value"
            value={value}
            onChange={(event) => setChosen(event.target.value === 'score' ? 'score' : 'cosine')}
          >
            <option value="score">Share</option>
            <option value="cosine">Cosine</option>
          </SelectField>
          <SelectField label="Cells a side" value={grid} onChange={(event) => setGrid(Number(event.target.value))}>
            {GRIDS.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </SelectField>
          <SelectField label="Covered at a time" value={mode} onChange={(event) => setMode(event.target.value)}>
            <option value="patch">A patch of 3 × 3 cells</option>
            <option value="cell">One cell</option>
          </SelectField>
        </div>
        {query.error && (
          <Problem
            what="The score could not be explained"
            error={query.error}
            onRetry={() => void query.refetch()}
            hasTrace
          />
        )}
        {query.isPending && <Loading what="the masked copies" />}
        {query.data && <Explanation explained={query.data} text={text} value={value} />}
      </div>
    </Dialog>
  );
}

function Explanation({
  explained,
  text,
  value,
}: {
  readonly explained: Explained;
  readonly text: number;
  readonly value: Value;
}): ReactNode {
  const [opacity, setOpacity] = useState(0.65);
  const result = explained.results[text];
  if (!result) return null;
  const map = result[value];
  const written = (number: number) => (value === 'score' ? formatPoints(number) : number.toFixed(3));
  return (
    <>
      <div className={styles['explanation']}>
        <HeatPicture square={explained.square} map={map} opacity={opacity} label={labelOf(result.text, map)} />
        <div className={styles['stack']}>
          <FactList className={styles['figures']}>
            <dt>{value === 'score' ? 'Share of the whole picture' : 'Cosine of the whole picture'}</dt>
            <dd>{value === 'score' ? formatShare(map.base) : map.base.toFixed(3)}</dd>
            <dt>Falls at most by</dt>
            <dd>{written(Math.max(0, map.range[1]))}</dd>
            <dt>Rises at most by</dt>
            <dd>{written(Math.max(0, -map.range[0]))}</dd>
          </FactList>
          <p className={styles['legend']}>
            <span data-kind="for" aria-hidden /> speaks for it
            <span data-kind="against" aria-hidden /> speaks against it
          </p>
          <Field label={`Strength of the colours: ${Math.round(opacity * 100)} %`}>
            {(described) => (
              <input
                {...described}
                type="range"
                min={0}
                max={100}
                step={5}
                value={Math.round(opacity * 100)}
                onChange={(event) => setOpacity(Number(event.target.value) / 100)}
              />
            )}
          </Field>
        </div>
      </div>
      <DropTable map={map} written={written} />
      <LatencyStrip notes={explained.notes} />
    </>
  );
}

/** The map as a table, for those who do not see it. */
function DropTable({
  map,
  written,
}: {
  readonly map: DropMap;
  readonly written: (value: number) => string;
}): ReactNode {
  return (
    <details>
      <summary>The map as a table</summary>
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label="The map as a table">
        <table className={styles['matrix']}>
          <caption className="unseen">How much the value falls when each part is covered</caption>
          <thead>
            <tr>
              <th scope="col">Row</th>
              {map.drops.map((_, column) => (
                <th key={column} scope="col">{`Column ${column + 1}`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.drops.map((cells, row) => (
              <tr key={row}>
                <th scope="row">{row + 1}</th>
                {cells.map((drop, column) => (
                  <td key={column} className="number">
                    {written(drop)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** `-12.5 points` of a share. */
function formatPoints(share: number): string {
  return `${(share * 100).toFixed(1)} points`;
}

function labelOf(text: string, { drops, range: [, most] }: DropMap): string {
  const row = drops.findIndex((cells) => cells.includes(most));
  const column = drops[row]?.indexOf(most) ?? 0;
  return `What the model saw, with the regions that carry “${text}”: most in row ${row + 1}, column ${column + 1} of ${drops.length}.`;
}

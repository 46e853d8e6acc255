import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { classNames } from '../../ui/class-names.js';
import type { Place } from './layout.js';
import type { LayoutJob } from './layout-worker.js';
import { Thumbnail } from './pictures-input.js';
import type { Picture } from './pictures.js';
import styles from './playground.module.css';
import type { Results } from './use-results.js';
import { cosineOf } from './vectors.js';

interface Point {
  readonly id: string;
  readonly name: string;
  readonly picture: Picture | undefined;
  readonly vector: Float32Array;
}

/** Pictures and sentences on a plane: what is alike for the model lies close together. */
export function MapView({ results }: { readonly results: Results }): ReactNode {
  const points = usePoints(results);
  const places = usePlaces(points);
  const [current, setCurrent] = useState<string>();
  const isSettled = points.length === places.length;
  return (
    <div className={styles['stack']}>
      <p className={styles['muted']}>
        Computed in this browser. Pictures and sentences are centred apart, since a CLIP model keeps the two kinds in
        separate regions.
      </p>
      <ul className={styles['map']} aria-label="Map of pictures and sentences">
        {isSettled &&
          points.map((point, at) => (
            <li
              key={point.id}
              className={styles['point']}
              style={{ left: `${8 + 84 * (places[at]?.x ?? 0.5)}%`, top: `${8 + 84 * (places[at]?.y ?? 0.5)}%` }}
            >
              <button
                type="button"
                className={classNames(styles['mark'], point.picture && styles['ofPicture'])}
                aria-label={`${point.picture ? 'Picture' : 'Sentence'}: ${point.name}`}
                aria-pressed={current === point.id}
                onFocus={() => setCurrent(point.id)}
                onMouseEnter={() => setCurrent(point.id)}
                onClick={() => setCurrent(point.id)}
              >
                {point.picture ? <Thumbnail picture={point.picture} /> : <span className={styles['dot']} />}
              </button>
              {!point.picture && <span className={styles['pointName']}>{point.name}</span>}
            </li>
          ))}
      </ul>
      <Neighbours points={points} current={current} />
    </div>
  );
}

/** The table twin: of each point the closest other ones. */
function Neighbours({
  points,
  current,
}: {
  readonly points: readonly Point[];
  readonly current: string | undefined;
}): ReactNode {
  const rows = points.filter(({ id }) => current === undefined || id === current);
  return (
    <details open={current !== undefined || undefined}>
      <summary>Closest neighbours, as a table</summary>
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Closest neighbours">
        <table className={styles['matrix']}>
          <thead>
            <tr>
              <th scope="col">Of</th>
              <th scope="col">Closest, with the cosine</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((point) => (
              <tr key={point.id}>
                <th scope="row">{point.name}</th>
                <td>{closestTo(point, points)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const NEIGHBOURS = 3;

function closestTo(point: Point, points: readonly Point[]): string {
  return points
    .filter(({ id }) => id !== point.id)
    .map(({ name, vector }) => ({ name, cosine: cosineOf(point.vector, vector) }))
    .toSorted((one, other) => other.cosine - one.cosine)
    .slice(0, NEIGHBOURS)
    .map(({ name, cosine }) => `${name} (${cosine.toFixed(3)})`)
    .join(', ');
}

function usePoints({ rows, texts, textVectors }: Results): readonly Point[] {
  const key = [...rows.map(({ picture, vector }) => (vector ? picture.id : '')), ...(textVectors ? texts : [])].join(
    '\n',
  );
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key tells of every change of what it is made from
  return useMemo(() => pointsOf({ rows, texts, textVectors }), [key]);
}

function pointsOf({ rows, texts, textVectors }: Pick<Results, 'rows' | 'texts' | 'textVectors'>): Point[] {
  const pictures = rows.flatMap(({ picture, vector }) =>
    vector ? [{ id: picture.id, name: picture.name, picture, vector }] : [],
  );
  const sentences = texts.flatMap((name, at) => {
    const vector = textVectors?.[at];
    return vector ? [{ id: `text ${name}`, name, picture: undefined, vector }] : [];
  });
  return [...pictures, ...sentences];
}

/** The places of the points as they settle, computed in a worker. */
function usePlaces(points: readonly Point[]): readonly Place[] {
  const [places, setPlaces] = useState<readonly Place[]>([]);
  useEffect(() => {
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Place[]>) => setPlaces(data));
    const job: LayoutJob = {
      vectors: points.map(({ vector }) => vector),
      kinds: points.map(({ picture }) => (picture ? 'picture' : 'text')),
    };
    worker.postMessage(job);
    return () => worker.terminate();
  }, [points]);
  return places;
}

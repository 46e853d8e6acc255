import { CircleX, Layers } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { formatDuration } from '../../format/format.js';
import { classNames } from '../../ui/class-names.js';
import { criticalPath, timeOnPath, type PathPiece } from './critical-path.js';
import type { PlacedSpan } from './span-tree.js';
import { durationOf, type Span } from './spans.js';
import styles from './waterfall.module.css';
import { PlainTable } from '../../ui/plain-table.js';
import { TableTwin } from '../../ui/table-twin.js';

const COLOURS: Readonly<Record<string, string>> = {
  ...{ run: '--series-1', queue: '--series-2', fetch: '--series-3', cache: '--series-4', wait: '--series-5' },
  ...{ prepare: '--series-6', read: '--series-7', send: '--series-7', authenticate: '--series-8' },
};
const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface WaterfallProps {
  readonly placed: readonly PlacedSpan[];
  /** The spans of the request alone, its own first. */
  readonly spans: readonly Span[];
  readonly selectedId: string | undefined;
  readonly onSelect: (spanId: string) => void;
}

/** When each part of a request was, with what it waited for marked; or the same as a table. */
export function Waterfall({ placed, spans, selectedId, onSelect }: WaterfallProps): ReactNode {
  const [isTable, setTable] = useState(false);
  const [root] = spans;
  if (root === undefined) return <p>Another version of the service wrote its parts: they cannot be shown.</p>;
  const path = criticalPath(spans);
  return (
    <div className={styles['waterfall']}>
      <div className={styles['legend']}>
        <span className={styles['pathKey']} aria-hidden /> What it waited for (critical path)
        <TableTwin isTable={isTable} onChange={setTable} />
      </div>
      {isTable ? (
        <SpanTable placed={placed} root={root} path={path} onSelect={onSelect} />
      ) : (
        <Bars placed={placed} root={root} path={path} selectedId={selectedId} onSelect={onSelect} />
      )}
    </div>
  );
}

interface PartsProps extends Pick<WaterfallProps, 'placed' | 'onSelect'> {
  readonly root: Span;
  readonly path: readonly PathPiece[];
}

function Bars({
  placed,
  root,
  path,
  selectedId,
  onSelect,
}: PartsProps & Pick<WaterfallProps, 'selectedId'>): ReactNode {
  const totalMs = Math.max(durationOf(root), 0.001);
  const share = (ms: number) => `${Math.max(0, Math.min(100, ((ms - root.startMs) / totalMs) * 100))}%`;
  const length = (ms: number) => `${Math.max(0, Math.min(100, (ms / totalMs) * 100))}%`;
  return (
    <div>
      <div className={styles['ruler']} aria-hidden>
        {TICKS.map((tick) => (
          <span key={tick}>{tick === 0 ? '0' : formatDuration(tick * totalMs)}</span>
        ))}
      </div>
      <ol className={styles['rows']} aria-label="Parts of the request">
        {placed.map(({ span, depth, isOfBatch }) => (
          <li key={span.spanId}>
            <button
              type="button"
              className={classNames(styles['row'], span.spanId === selectedId && styles['selected'])}
              aria-pressed={span.spanId === selectedId}
              onClick={() => onSelect(span.spanId)}
            >
              <span className={styles['name']} style={{ '--depth': depth }}>
                {span.error !== null && <CircleX size={13} aria-label="failed" className={styles['failed']} />}
                {isOfBatch && <Layers size={13} aria-label="of the batch" className={styles['ofBatch']} />}
                {span.name}
              </span>
              <span className={styles['took']}>{formatDuration(durationOf(span))}</span>
              <span className={styles['track']} aria-hidden>
                <span
                  className={classNames(styles['bar'], isOfBatch && styles['hollow'])}
                  style={{
                    '--at': share(span.startMs),
                    '--long': length(durationOf(span)),
                    '--colour': `var(${COLOURS[span.name] ?? '--line-strong'})`,
                  }}
                />
                {path
                  .filter(({ spanId }) => spanId === span.spanId)
                  .map(({ startMs, endMs }) => (
                    <span
                      key={startMs}
                      className={styles['path']}
                      style={{ '--at': share(startMs), '--long': length(endMs - startMs) }}
                    />
                  ))}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function SpanTable({ placed, root, path, onSelect }: PartsProps): ReactNode {
  const times = timeOnPath(path);
  return (
    <PlainTable label="Parts of the request, as a table" className={styles['spans']}>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Begins after</th>
          <th scope="col">Takes</th>
          <th scope="col">Waited for</th>
          <th scope="col">Error</th>
        </tr>
      </thead>
      <tbody>
        {placed.map(({ span, depth, isOfBatch }) => {
          const waitedMs = times.get(span.spanId);
          return (
            <tr key={span.spanId}>
              <th scope="row">
                <button
                  type="button"
                  className={styles['link']}
                  style={{ '--depth': depth }}
                  onClick={() => onSelect(span.spanId)}
                >
                  {span.name}
                  {isOfBatch && ' (of the batch)'}
                </button>
              </th>
              <td>{formatDuration(Math.max(0, span.startMs - root.startMs))}</td>
              <td>{formatDuration(durationOf(span))}</td>
              <td>{waitedMs === undefined ? '–' : formatDuration(waitedMs)}</td>
              <td>{span.error ?? '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </PlainTable>
  );
}

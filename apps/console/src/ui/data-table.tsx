import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type ReactNode } from 'react';
import { useShortcut } from '../frame/use-shortcuts.js';
import { useHold } from '../live/use-live.js';
import { classNames } from './class-names.js';
import styles from './data-table.module.css';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly label: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** CSS width of the column, such as `8rem` or `minmax(12rem, 2fr)`; default `minmax(6rem, 1fr)`. */
  readonly width?: string;
  /** The same on a phone, where all columns together are as wide as the screen; default an equal share. */
  readonly phoneWidth?: string;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
  /** `wide`: hidden on phones. */
  readonly shown?: 'always' | 'wide';
}

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Opens the row: a click on it, or Enter. */
  readonly onOpen?: (row: Row) => void;
  /** The row whose details are shown. */
  readonly openKey?: string | undefined;
  /** Called when the end of the rows is near, to load more. */
  readonly onNearEnd?: () => void;
}

const ROW_HEIGHT_PX = 41;
const OVERSCAN = 12;

/**
 * A table of any length: only the rows that are seen are in the document. J and K walk through the rows, Enter opens
 * one, and while one is open they open the next; nothing moves while the pointer is on it. Cells may hold links and
 * buttons of their own.
 */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, rows, keyOf, onOpen, openKey, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(-1);
  const hold = useHold();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: OVERSCAN,
    onChange: (instance) => {
      const last = instance.range?.endIndex ?? 0;
      if (rows.length > 0 && last >= rows.length - OVERSCAN) onNearEnd?.();
    },
  });
  const open = (row: Row | undefined) => row !== undefined && onOpen?.(row);
  const go = (to: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, to));
    setCurrent(at);
    virtual.scrollToIndex(at);
    // Details that are open follow.
    if (openKey !== undefined) open(rows[at]);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${at}"]`)?.focus());
  };
  useShortcut('next-row', () => go(current + 1), rows.length > 0);
  useShortcut('previous-row', () => go(current - 1), rows.length > 0);
  useShortcut('open-row', () => open(rows[current]), onOpen !== undefined);
  const template = columns.map(({ width = 'minmax(6rem, 1fr)' }) => width).join(' ');
  const phoneTemplate = columns
    .filter(({ shown }) => shown !== 'wide')
    .map(({ phoneWidth = 'minmax(0, 1fr)' }) => phoneWidth)
    .join(' ');
  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      style={{ '--columns': template, '--phone-columns': phoneTemplate }}
    >
      <div role="row" aria-rowindex={1} className={classNames(styles['row'], styles['head'])}>
        {columns.map((column) => (
          <div key={column.id} role="columnheader" className={cellClass(column)}>
            {column.label}
          </div>
        ))}
      </div>
      <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }} {...hold}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              data-row={index}
              aria-selected={onOpen ? key === openKey : undefined}
              tabIndex={index === Math.max(current, 0) ? 0 : -1}
              className={classNames(styles['row'], onOpen && styles['opens'], key === openKey && styles['open'])}
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setCurrent(index)}
              onClick={(event) => {
                if (!isControl(event.target)) open(row);
              }}
            >
              {columns.map((column) => (
                <div key={column.id} role="cell" className={cellClass(column)}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function cellClass<Row>({ isNumber, shown }: Column<Row>): string {
  return classNames(styles['cell'], isNumber && styles['numeric'], shown === 'wide' && styles['wide']);
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, select') !== null;
}

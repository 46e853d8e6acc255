import { X } from 'lucide-react';
import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { IconButton } from './button.js';
import styles from './docked-panel.module.css';

const WIDTH_KEY = 'docked-panel-width';
const [WIDTH_MIN_PX, WIDTH_MAX_PX, STEP_PX] = [320, 1100, 40];
const WIDTH_PX = 520;

interface DockedPanelProps {
  readonly title: ReactNode;
  /** What it shows, for screen readers. */
  readonly label: string;
  /** Buttons beside the one that closes it. */
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Details beside a list that stays as it is and can be used. Its edge is dragged, or moved with the arrow keys, to make
 * it wider; Escape closes it. On a phone it is a sheet at the bottom.
 */
export function DockedPanel({ title, label, actions, onClose, children }: DockedPanelProps): ReactNode {
  const [width, setWidth] = useState(storedWidth);
  const start = useRef<{ x: number; width: number }>(undefined);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isOverlayOpen()) close();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  const resize = (to: number) => {
    const next = Math.max(WIDTH_MIN_PX, Math.min(WIDTH_MAX_PX, to));
    setWidth(next);
    localStorage.setItem(WIDTH_KEY, String(next));
  };
  const onMove = ({ clientX }: PointerEvent) => {
    if (start.current) resize(start.current.width + start.current.x - clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    resize(width + step);
  };
  return (
    <aside className={styles['panel']} aria-label={label} style={{ '--panel-width': `${width}px` }}>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the details"
        aria-valuenow={width}
        aria-valuemin={WIDTH_MIN_PX}
        aria-valuemax={WIDTH_MAX_PX}
        tabIndex={0}
        className={styles['edge']}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          start.current = { x: event.clientX, width };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={() => (start.current = undefined)}
      />
      <div className={styles['inside']}>
        <header className={styles['head']}>
          <h2>{title}</h2>
          <div className={styles['actions']}>
            {actions}
            <IconButton label="Close the details" onClick={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </div>
        </header>
        {children}
      </div>
    </aside>
  );
}

function storedWidth(): number {
  const width = Number(localStorage.getItem(WIDTH_KEY));
  return width >= WIDTH_MIN_PX && width <= WIDTH_MAX_PX ? width : WIDTH_PX;
}

/** Escape is theirs first. */
function isOverlayOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

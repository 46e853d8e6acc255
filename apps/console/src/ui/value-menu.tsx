import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { useCopy } from './copy.js';
import styles from './value-menu.module.css';

interface ValueMenuProps {
  /** What the value is of: `Model`. */
  readonly name: string;
  readonly value: string;
  /** Narrows the search to it; left out where it cannot be searched for. */
  readonly onInclude?: (() => void) | undefined;
  readonly onExclude?: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** A value that opens a menu: search for it, search for all without it, copy it. */
export function ValueMenu({ name, value, onInclude, onExclude, children = value }: ValueMenuProps): ReactNode {
  const { state, copy } = useCopy();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={styles['trigger']} aria-label={`${name}: ${value}`}>
        {children}
        <span role="status" className={state === 'idle' ? 'unseen' : styles['said']}>
          {state === 'copied' ? 'Copied' : ''}
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className={styles['positioner']}>
          <Menu.Popup className={styles['popup']}>
            {onInclude && (
              <Menu.Item className={styles['item']} onClick={onInclude}>
                Only with this
              </Menu.Item>
            )}
            {onExclude && (
              <Menu.Item className={styles['item']} onClick={onExclude}>
                All without this
              </Menu.Item>
            )}
            <Menu.Item className={styles['item']} onClick={() => copy(value)}>
              Copy
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

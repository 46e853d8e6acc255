import { Menu } from '@base-ui/react/menu';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleUser } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/client.js';
import { sessionOver } from '../session/session-store.js';
import { useSession } from '../session/use-session.js';
import styles from './account-menu.module.css';

/** Who is logged in; leads to the own account, the API's documentation and the log-out. */
export function AccountMenu({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const { account, role } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const logOut = async () => {
    await api.DELETE('/api/session');
    sessionOver();
    queries.clear();
    await navigate({ to: '/login', search: {} });
  };
  const name = account?.name ?? 'Program';
  return (
    <Menu.Root>
      <Menu.Trigger className={styles['trigger']} aria-label={`${name}, ${role}: account menu`}>
        <CircleUser size={18} aria-hidden />
        <span className={styles['name']}>{name}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={styles['positioner']}>
          <Menu.Popup className={styles['popup']}>
            <div className={styles['who']}>
              <strong>{name}</strong>
              <span>
                {account?.email} · {role}
              </span>
            </div>
            <Menu.Item className={styles['item']} onClick={() => void navigate({ to: '/account' })}>
              Your account
            </Menu.Item>
            <Menu.Item className={styles['item']} onClick={onHelp}>
              Keyboard shortcuts
            </Menu.Item>
            <Menu.Item className={styles['item']} render={<a href="/docs" target="_blank" rel="noreferrer" />}>
              Admin API documentation
            </Menu.Item>
            <Menu.Item className={styles['item']} onClick={() => void logOut()}>
              Log out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

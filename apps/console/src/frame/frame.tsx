import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Menu as MenuSign, Search } from 'lucide-react';
import { Suspense, useState, type ReactNode } from 'react';
import { LogInAgain } from '../session/log-in-again.js';
import { useLiveUpdates } from '../live/use-live.js';
import { useSession } from '../session/use-session.js';
import { Button, IconButton } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { Loading } from '../ui/loading.js';
import { AccountMenu } from './account-menu.js';
import { CommandPalette } from './command-palette.js';
import styles from './frame.module.css';
import { GoShortcuts } from './go-shortcuts.js';
import { AwayNotice, LiveMark } from './live-mark.js';
import { isAt, PLACES } from './navigation.js';
import { NotForRole } from './not-for-role.js';
import { ShortcutHelp } from './shortcut-help.js';
import { useKeyboard, useShortcut } from './use-shortcuts.js';

/** What stands around every page: navigation by role, search for everything, shortcuts, who is logged in. */
export function Frame(): ReactNode {
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { may } = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const closed = PLACES.find((place) => isAt(place, path) && !place.needs.some(may));
  useKeyboard();
  useLiveUpdates();
  useShortcut('palette', () => setPaletteOpen(true));
  useShortcut('help', () => setHelpOpen(true));
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        Skip to the content
      </a>
      <header className={styles['top']}>
        <IconButton
          label="Menu"
          className={styles['menuButton']}
          aria-expanded={isMenuOpen}
          aria-controls="navigation"
          onClick={() => setMenuOpen(!isMenuOpen)}
        >
          <MenuSign size={18} aria-hidden />
        </IconButton>
        <Link to="/" className={styles['brand']}>
          <img src="/mark.svg" alt="" width={22} height={22} />
          <span>CLIP-as-service</span>
        </Link>
        <Button
          className={styles['find']}
          aria-label={`Search or go to… ${modifier()} K`}
          onClick={() => setPaletteOpen(true)}
        >
          <Search size={15} aria-hidden />
          <span className={styles['findText']}>Search or go to…</span>
          <kbd aria-hidden>{modifier()} K</kbd>
        </Button>
        <div className={styles['right']}>
          <LiveMark />
          <AccountMenu onHelp={() => setHelpOpen(true)} />
        </div>
      </header>
      <Navigation isOpen={isMenuOpen} onLeave={() => setMenuOpen(false)} />
      <main id="content" className={styles['main']} tabIndex={-1}>
        <AwayNotice />
        <Suspense fallback={<Loading what="The page loads" rows={6} />}>
          {closed ? <NotForRole place={closed} /> : <Outlet />}
        </Suspense>
      </main>
      <GoShortcuts />
      <CommandPalette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <LogInAgain />
    </div>
  );
}

function Navigation({ isOpen, onLeave }: { readonly isOpen: boolean; readonly onLeave: () => void }): ReactNode {
  const { may } = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <nav id="navigation" aria-label="Pages" className={classNames(styles['navigation'], isOpen && styles['open'])}>
      <ul>
        {PLACES.filter(({ needs }) => needs.some(may)).map(({ to, label, sign: Sign }) => {
          const isHere = isAt({ to }, path);
          return (
            <li key={to}>
              <Link
                to={to}
                onClick={onLeave}
                className={styles['place']}
                {...(isHere ? { 'aria-current': 'page' } : {})}
              >
                <Sign size={16} aria-hidden />
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function modifier(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
}

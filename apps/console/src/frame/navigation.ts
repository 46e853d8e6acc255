import {
  Activity,
  Boxes,
  ChartColumn,
  Gauge,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Server,
  Settings,
  Shapes,
  Users,
} from 'lucide-react';
import type { Permission } from '../session/use-session.js';

/** A page that the navigation, the command palette and the shortcuts lead to. */
export interface Place {
  readonly to: string;
  readonly label: string;
  /** Found by these words in the command palette, too. */
  readonly words: string;
  readonly sign: LucideIcon;
  /** Whoever has one of these sees it. */
  readonly needs: readonly Permission[];
  /** The second key of its shortcut, after `g`. */
  readonly key: string;
}

/** Whether an address is that of a page, or of something on it. */
export function isAt({ to }: Pick<Place, 'to'>, path: string): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
}

/** The pages in the order in which the navigation shows them. */
export const PLACES: readonly Place[] = [
  {
    to: '/',
    label: 'Overview',
    words: 'home traffic latency errors',
    sign: LayoutDashboard,
    needs: ['usage:read-own'],
    key: 'o',
  },
  {
    to: '/playground',
    label: 'Playground',
    words: 'try images texts rank explain',
    sign: Shapes,
    needs: ['playground:use'],
    key: 'p',
  },
  {
    to: '/tokens',
    label: 'Tokens',
    words: 'access keys secrets',
    sign: KeyRound,
    needs: ['tokens:read-own'],
    key: 't',
  },
  {
    to: '/models',
    label: 'Models',
    words: 'catalogue plan versions pull',
    sign: Boxes,
    needs: ['models:read'],
    key: 'm',
  },
  {
    to: '/replicas',
    label: 'Replicas',
    words: 'queues pools pods devices batches',
    sign: Server,
    needs: ['models:read'],
    key: 'r',
  },
  {
    to: '/traces',
    label: 'Traces',
    words: 'requests slow errors batches',
    sign: Activity,
    needs: ['traces:read-own'],
    key: 'x',
  },
  { to: '/usage', label: 'Usage', words: 'requests items csv', sign: ChartColumn, needs: ['usage:read-own'], key: 'u' },
  { to: '/limits', label: 'Limits', words: 'rate quota refused', sign: Gauge, needs: ['usage:read-own'], key: 'l' },
  { to: '/audit', label: 'Audit', words: 'changes who history', sign: ScrollText, needs: ['audit:read'], key: 'a' },
  { to: '/accounts', label: 'Accounts', words: 'people roles invite', sign: Users, needs: ['accounts:read'], key: 'c' },
  {
    to: '/settings',
    label: 'Settings',
    words: 'configuration log level',
    sign: Settings,
    needs: ['settings:read'],
    key: 's',
  },
];

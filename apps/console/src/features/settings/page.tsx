import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Settings in force, and where each came from. */
export function SettingsPage(): ReactNode {
  return <Page title="Settings">{null}</Page>;
}

import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** People and their roles. */
export function AccountsPage(): ReactNode {
  return <Page title="Accounts">{null}</Page>;
}

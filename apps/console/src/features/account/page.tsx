import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** One's own name, password and sessions. */
export function AccountPage(): ReactNode {
  return <Page title="Your account">{null}</Page>;
}

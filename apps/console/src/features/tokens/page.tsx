import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** The access tokens that the person may see. */
export function TokensPage(): ReactNode {
  return <Page title="Tokens">{null}</Page>;
}

import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** What the service does at the moment. */
export function OverviewPage(): ReactNode {
  return <Page title="Overview">{null}</Page>;
}

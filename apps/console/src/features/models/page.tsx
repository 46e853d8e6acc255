import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** What is served, and what should be. */
export function ModelsPage(): ReactNode {
  return <Page title="Models">{null}</Page>;
}

import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Who used what. */
export function UsagePage(): ReactNode {
  return <Page title="Usage">{null}</Page>;
}

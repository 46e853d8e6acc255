import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Limits in force, and who met them. */
export function LimitsPage(): ReactNode {
  return <Page title="Limits">{null}</Page>;
}

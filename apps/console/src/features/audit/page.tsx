import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Who changed what. */
export function AuditPage(): ReactNode {
  return <Page title="Audit">{null}</Page>;
}

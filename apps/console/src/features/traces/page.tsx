import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** What requests did. */
export function TracesPage(): ReactNode {
  return <Page title="Traces">{null}</Page>;
}

/** What one request did. */
export function TracePage(): ReactNode {
  return <Page title="Trace">{null}</Page>;
}

/** One attempt at a batch. */
export function BatchPage(): ReactNode {
  return <Page title="Batch">{null}</Page>;
}

import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Replicas and queues of all pods. */
export function ReplicasPage(): ReactNode {
  return <Page title="Replicas">{null}</Page>;
}

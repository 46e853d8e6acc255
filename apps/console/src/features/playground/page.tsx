import type { ReactNode } from 'react';
import { Page } from '../../ui/page.js';

/** Tries models on images and texts. */
export function PlaygroundPage(): ReactNode {
  return <Page title="Playground">{null}</Page>;
}

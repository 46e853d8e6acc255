import type { ReactNode } from 'react';
import { LinkButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';

/** An address that leads nowhere. */
export function NotFound(): ReactNode {
  return (
    <main>
      <Page title="Nothing here">
        <EmptyState
          title="There is no page at this address"
          action={
            <LinkButton to="/" kind="primary">
              Go to the overview
            </LinkButton>
          }
        >
          The link may be old, or not complete.
        </EmptyState>
      </Page>
    </main>
  );
}

import type { ReactNode } from 'react';
import { useSession } from '../session/use-session.js';
import { LinkButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';
import type { Place } from './navigation.js';

/** In place of a page that the person may not see: a link of somebody who may, or a role that was taken away. */
export function NotForRole({ place: { label, needs } }: { readonly place: Place }): ReactNode {
  const { role } = useSession();
  return (
    <Page title={label}>
      <EmptyState
        title="Your role does not show you this page"
        action={
          <LinkButton to="/" kind="primary">
            Go to the overview
          </LinkButton>
        }
      >
        It needs the permission {needs.join(' or ')}, which the role {role} does not have. Ask an owner or admin.
      </EmptyState>
    </Page>
  );
}

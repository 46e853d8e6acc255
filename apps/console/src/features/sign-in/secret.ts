import { useState } from 'react';

/** The secret of a one-time link, taken out of the address bar so that it does not stay in the history. */
export function useLinkSecret(): string {
  const [secret] = useState(() => {
    const found = window.location.hash.slice(1);
    window.history.replaceState(window.history.state, '', window.location.pathname);
    return found;
  });
  return secret;
}

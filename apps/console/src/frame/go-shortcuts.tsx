import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../session/use-session.js';
import { PLACES, type Place } from './navigation.js';
import { useShortcut } from './use-shortcuts.js';

/** Listens for the shortcuts that lead to a page, and for the one that reads the page anew. */
export function GoShortcuts(): ReactNode {
  const { may } = useSession();
  const queries = useQueryClient();
  useShortcut('refresh', () => void queries.invalidateQueries());
  return PLACES.filter(({ needs }) => needs.some(may)).map((place) => <GoTo key={place.to} place={place} />);
}

function GoTo({ place: { to } }: { readonly place: Place }): ReactNode {
  const navigate = useNavigate();
  useShortcut(`go:${to}`, () => void navigate({ to }));
  return null;
}

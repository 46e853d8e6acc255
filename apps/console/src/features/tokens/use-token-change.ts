import { useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client.js';
import { errorOf } from '../../api/error-of.js';
import { useToasts } from '../../ui/toasts.js';
import type { Token } from './queries.js';

/** What is done to one token; each reads the lists anew. */
export function useTokenChange({ id, name }: Pick<Token, 'id' | 'name'>): {
  /** Revokes it, and offers to undo that. */
  revoke: () => Promise<void>;
  restore: () => Promise<void>;
  endGrace: () => Promise<void>;
} {
  const queries = useQueryClient();
  const { say } = useToasts();
  const path = { params: { path: { id } } };
  const renew = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  const restore = async () => {
    await answer(api.POST('/api/tokens/{id}/restore', path));
    await renew();
    say(`“${name}” works again`, { text: 'Its secret is the same. Every process lets it in within a second.' });
  };
  return {
    restore,
    revoke: async () => {
      await answer(api.DELETE('/api/tokens/{id}', path));
      await renew();
      const undo = () =>
        void restore().catch((err: unknown) => say('It was not undone', { text: errorOf(err).message }));
      say(`“${name}” is revoked`, { text: 'It is refused everywhere within a second.', undo });
    },
    endGrace: async () => {
      await answer(api.POST('/api/tokens/{id}/end-grace', path));
      await renew();
      say('The old secret has ended', { text: 'Only the new one is let in.' });
    },
  };
}

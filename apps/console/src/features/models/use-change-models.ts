import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client.js';
import { useToasts } from '../../ui/toasts.js';
import type { DesiredModel } from './queries.js';

/** A change of the models, as it is asked for. */
export interface Change {
  readonly models: readonly DesiredModel[];
  readonly note: string;
  readonly basedOn: number | undefined;
}

/** Puts models in force, or those of an older version again; each says what it ends and can be undone. */
export function useChangeModels() {
  const queries = useQueryClient();
  const { say } = useToasts();
  const refresh = () => queries.invalidateQueries({ queryKey: ['models'] });
  const rollBack = useMutation({
    mutationFn: ({ version, basedOn }: { version: number; basedOn?: number }) =>
      answer(api.POST('/api/models/rollback', { body: { version, ...(basedOn === undefined ? {} : { basedOn }) } })),
    onSettled: refresh,
    onSuccess: (made, { version }) =>
      say(`Back to the models of version ${version}: now version ${made.version}`, undoOf(made)),
  });
  const apply = useMutation({
    mutationFn: ({ models, note, basedOn }: Change) =>
      answer(
        api.PUT('/api/models', {
          body: {
            models: [...models],
            ...(note === '' ? {} : { note }),
            ...(basedOn === undefined ? {} : { basedOn }),
          },
        }),
      ),
    onSettled: refresh,
    onSuccess: (made) => say(`Version ${made.version} is in force`, undoOf(made)),
  });

  function undoOf({ undoVersion, stops }: { undoVersion: number | null; stops: readonly string[] }) {
    return {
      ...(stops.length === 0 ? {} : { text: stops.join(' ') }),
      ...(undoVersion === null ? {} : { undo: () => rollBack.mutate({ version: undoVersion }) }),
    };
  }

  return { apply, rollBack };
}

import { useNavigate, useSearch } from '@tanstack/react-router';
import { parseModelsSearch, type ModelsSearch } from './search.js';

/** A change of the address: what is undefined goes. */
export type SearchChange = { readonly [Key in keyof ModelsSearch]?: ModelsSearch[Key] | undefined };

/** What the address says, and a function that changes parts of it. `isStep`: the browser's back button undoes it. */
export function useModelsSearch(): [ModelsSearch, (change: SearchChange, isStep?: boolean) => void] {
  const search = useSearch({ strict: false, select: parseModelsSearch });
  const navigate = useNavigate();
  const change = (changed: SearchChange, isStep = true) =>
    void navigate({
      to: '/models',
      search: parseModelsSearch({ ...search, ...changed }),
      replace: !isStep,
      // Whoever says what becomes of the editor was asked already.
      ignoreBlocker: 'edit' in changed,
    });
  return [search, change];
}

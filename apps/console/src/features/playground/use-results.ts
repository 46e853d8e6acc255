import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { type CallNotes, embed, type ServedModel } from './calls.js';
import type { Picture } from './pictures.js';
import { cosineOf, sharesOf } from './vectors.js';

/** One picture against all texts. */
export interface PictureResult {
  readonly picture: Picture;
  readonly vector: Float32Array | undefined;
  /** A cosine for each text; undefined while one of the vectors is missing. */
  readonly cosines: readonly number[] | undefined;
  /** Shares of 1 over the texts. */
  readonly shares: readonly number[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** What one model says of the pictures and texts of the page. */
export interface Results {
  readonly model: ServedModel;
  readonly texts: readonly string[];
  readonly textVectors: readonly Float32Array[] | undefined;
  readonly rows: readonly PictureResult[];
  readonly isLoading: boolean;
  /** Why the texts have no vectors. */
  readonly error: Error | null;
  readonly retry: () => void;
  /** Of the latest call. */
  readonly notes: CallNotes | undefined;
}

/** Vectors never change, and are kept while the page is open. */
const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 600_000, refetchOnWindowFocus: false } as const;

/** Asks for the vectors that are missing, a call for the texts and one for each picture, and compares all of them. */
export function useResults(model: ServedModel, texts: readonly string[], pictures: readonly Picture[]): Results {
  const ofTexts = useQuery({
    queryKey: ['playground', 'texts', model.id, texts],
    queryFn: ({ signal }) => embed(model.id, texts, signal),
    enabled: texts.length > 0,
    ...KEPT,
    placeholderData: keepPreviousData,
  });
  const isCurrent = !ofTexts.isPlaceholderData;
  const textVectors = texts.length > 0 && isCurrent ? ofTexts.data?.vectors : undefined;
  const ofPictures = useQueries({
    queries: pictures.map((picture) => ({
      queryKey: ['playground', 'picture', model.id, picture.id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        oneAfterAnother(() => embed(model.id, [{ image: picture.image }], signal)),
      ...KEPT,
    })),
  });
  const rows = pictures.map((picture, at): PictureResult => {
    const query = ofPictures[at];
    const vector = query?.data?.vectors[0];
    const cosines = vector && textVectors?.map((text) => cosineOf(vector, text));
    return {
      ...{ picture, vector, cosines, shares: cosines && sharesOf(cosines, model.logitScale) },
      error: query?.error ?? null,
      retry: () => void query?.refetch(),
    };
  });
  const latest = [ofTexts, ...ofPictures].toSorted((one, other) => other.dataUpdatedAt - one.dataUpdatedAt)[0];
  return {
    ...{ model, texts, textVectors, rows },
    isLoading: ofTexts.isFetching || ofPictures.some(({ isFetching }) => isFetching),
    error: ofTexts.error,
    retry: () => void ofTexts.refetch(),
    notes: latest?.data?.notes,
  };
}

let last: Promise<unknown> = Promise.resolve();

/** The pictures of a visit go one after another: the service runs a few calls of an account at a time. */
function oneAfterAnother<T>(work: () => Promise<T>): Promise<T> {
  const next = last.then(work, work);
  last = next.catch(() => undefined);
  return next;
}

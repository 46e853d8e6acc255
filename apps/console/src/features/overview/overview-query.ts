import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../api/client.js';
import { addressField } from '../../format/address-text.js';

export type Overview = Schemas['OverviewAnswer'];

/** Ranges that end now, by their names in the address; in minutes. */
export const RANGES = { '15m': 15, '1h': 60, '6h': 360, '24h': 1_440, '48h': 2_880 } as const;

export type Range = keyof typeof RANGES;

/** How the buttons call them. */
export const RANGE_LABELS: Readonly<Record<Range, string>> = {
  '15m': '15 minutes',
  '1h': '1 hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '48h': '48 hours',
};

/** Which time is shown: a range that ends now, or one that was drawn over a chart (milliseconds since 1970). */
export interface OverviewSearch {
  readonly range?: Range;
  readonly from?: number;
  readonly to?: number;
  readonly model?: string;
}

/** What the address says; what it says wrongly is left out. */
export function validateOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  const { range, from, to, model } = search;
  const isDrawn = typeof from === 'number' && typeof to === 'number' && from < to;
  const named = Object.keys(RANGES)
    .filter(isRange)
    .find((one) => one === range);
  return {
    ...(named === undefined || isDrawn ? {} : { range: named }),
    ...(isDrawn ? { from, to } : {}),
    ...addressField('model', model),
  };
}

function isRange(text: string): text is Range {
  return Object.hasOwn(RANGES, text);
}

/**
 * The figures of a time. They change with every request, so they are read anew every ten seconds; the topic `usage`
 * renews them, too.
 */
export function overviewQuery({ range = '1h', from, to, model }: OverviewSearch) {
  return queryOptions({
    queryKey: ['usage', 'overview', range, from, to, model],
    queryFn: ({ signal }) => {
      const toMs = to ?? Date.now();
      const fromMs = from ?? toMs - RANGES[range] * 60_000;
      const query = {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        ...(model === undefined ? {} : { model }),
      };
      return answer(api.GET('/api/overview', { params: { query }, signal }));
    },
    refetchInterval: to === undefined ? 10_000 : false,
    placeholderData: keepPreviousData,
  });
}

/** The pods, for replicas and devices. */
export const podsQuery = queryOptions({
  queryKey: ['pods'],
  queryFn: ({ signal }) => answer(api.GET('/api/pods', { signal })),
});

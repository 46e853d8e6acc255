import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { formatDuration } from '../../format/format.js';
import { Button } from '../../ui/button.js';
import { CheckField, FieldGroup } from '../../ui/field.js';
import { Problem } from '../../ui/problem.js';
import { ranksOf } from './ranks.js';
import styles from './replay.module.css';
import type { Trace } from './spans.js';
import { PlainTable } from '../../ui/plain-table.js';

type Items = Schemas['StoredRequestView']['items'];
type Replayed = Schemas['ReplayView'];

const MODELS_MAX = 4;
const LABEL_CHARS = 60;

/** Runs what a request sent on models that are served, and shows what each makes of it. */
export function Replay({ trace, items }: { readonly trace: Trace; readonly items: Items }): ReactNode {
  const { data } = useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => answer(api.GET('/api/models', { signal })),
  });
  const served = [...new Set(data?.actual.models.map(({ name }) => name))];
  const [chosen, setChosen] = useState<readonly string[]>();
  const models = chosen ?? served.slice(0, 2);
  const run = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/traces/{id}/replay', { params: { path: { id: trace.traceId } }, body: { models: [...models] } }),
      ),
  });
  return (
    <section className={styles['replay']} aria-label="Run it again">
      <FieldGroup legend="Run it again on">
        <div className={styles['models']}>
          {served.map((model) => (
            <CheckField
              key={model}
              label={model}
              checked={models.includes(model)}
              onChange={() =>
                setChosen(models.includes(model) ? models.filter((one) => one !== model) : [...models, model])
              }
            />
          ))}
        </div>
      </FieldGroup>
      <Button
        isBusy={run.isPending}
        disabled={models.length === 0 || models.length > MODELS_MAX}
        onClick={() => run.mutate()}
      >
        Run it
      </Button>
      {run.error && <Problem what="It could not be run" error={run.error} />}
      {run.data && <Results replayed={run.data} items={items} />}
    </section>
  );
}

/** A table for each image (or item): the cosine with each text on each model, its rank there, and what differs. */
function Results({ replayed, items }: { readonly replayed: Replayed; readonly items: Items }): ReactNode {
  const { rows, columns, models } = replayed;
  return (
    <>
      <ul className={styles['times']}>
        {models.map(({ model, requestId, durationMs, dimension, error }) => (
          <li key={model}>
            <strong>{model}</strong>{' '}
            {error ?? `took ${formatDuration(durationMs ?? 0)}, vectors of ${dimension} numbers`}{' '}
            {requestId !== null && (
              <Link to="/traces/$id" params={{ id: requestId }}>
                Its trace
              </Link>
            )}
          </li>
        ))}
      </ul>
      {rows.map((row, at) => {
        const known = models.filter(({ error }) => error === null);
        const ranks = known.map(({ cosines }) => ranksOf(cosines[at] ?? []));
        return (
          <PlainTable key={row} label={`Item ${row + 1}`}>
            <caption>{labelOf(items[row], row)} with</caption>
            <thead>
              <tr>
                <th scope="col">Item</th>
                {known.map(({ model }) => (
                  <th key={model} scope="col">
                    {model}
                  </th>
                ))}
                {known.length > 1 && <th scope="col">Rank</th>}
              </tr>
            </thead>
            <tbody>
              {columns.map((column, place) => {
                const places = ranks.map((some) => some[place] ?? null);
                const isSame = new Set(places).size === 1;
                return (
                  <tr key={column}>
                    <th scope="row">{labelOf(items[column], column)}</th>
                    {known.map(({ model, cosines }, which) => (
                      <td key={model}>
                        {cosines[at]?.[place]?.toFixed(4) ?? 'failed'} ({places[which] ?? '–'}.)
                      </td>
                    ))}
                    {known.length > 1 && <td>{isSame ? 'the same' : places.join(' → ')}</td>}
                  </tr>
                );
              })}
            </tbody>
          </PlainTable>
        );
      })}
    </>
  );
}

function labelOf(item: Items[number] | undefined, at: number): string {
  if (item?.kind !== 'text') return `Image ${at + 1}`;
  return item.value.length > LABEL_CHARS ? `${item.value.slice(0, LABEL_CHARS)}…` : item.value;
}

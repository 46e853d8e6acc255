import { lazy, Suspense, useState, type ReactNode } from 'react';
import { EmptyState } from '../../ui/empty-state.js';
import { Loading } from '../../ui/loading.js';
import { Card } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Tabs } from '../../ui/tabs.js';
import type { Asked } from './asked.js';
import type { ServedModel } from './calls.js';
import { CodeView } from './code-view.js';
import { LatencyStrip } from './latency-strip.js';
import { MapView } from './map-view.js';
import { MatrixView } from './matrix-view.js';
import type { Picture } from './pictures.js';
import styles from './playground.module.css';
import { RankingView } from './ranking-view.js';
import { SearchView } from './search-view.js';
import { VIEWS, type PlaygroundSearch, type SearchChange } from './search.js';
import { useResults, type Results } from './use-results.js';

const ExplainDialog = lazy(() => import('./explain-dialog.js').then((module) => ({ default: module.ExplainDialog })));

interface ResultViewsProps {
  readonly models: readonly ServedModel[];
  readonly texts: readonly string[];
  readonly pictures: readonly Picture[];
  readonly search: PlaygroundSearch;
  readonly onSearch: (change: SearchChange) => void;
}

/** The results of one model, or of two side by side, in the view that is chosen. */
export function ResultViews({ models, texts, pictures, search, onSearch }: ResultViewsProps): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  const view = search.view ?? 'matrix';
  const isShare = search.scores === 'share';
  const ofModel = (show: (results: Results) => ReactNode) => (
    <div className={styles['models']}>
      {models.map((model) => (
        <ModelResults key={model.id} {...{ model, texts, pictures }} isNamed={models.length > 1} show={show} />
      ))}
    </div>
  );
  const content = {
    matrix: () => ofModel((results) => <MatrixView {...{ results, isShare, onSearch }} onExplain={setAsked} />),
    ranking: () => ofModel((results) => <RankingView results={results} />),
    search: () => ofModel((results) => <SearchView results={results} />),
    map: () => ofModel((results) => <MapView results={results} />),
    code: () => <CodeView model={models[0]?.id ?? ''} texts={texts} />,
  };
  return (
    <Card>
      <Tabs
        label="Views of the results"
        value={view}
        onChange={(id) => {
          const chosen = VIEWS.find((one) => one === id);
          onSearch({ view: chosen === 'matrix' ? undefined : chosen });
        }}
        tabs={VIEWS.map((id) => ({ id, label: LABELS[id], content: id === view ? content[id]() : null }))}
      />
      {asked && (
        <Suspense fallback={null}>
          <ExplainDialog asked={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </Card>
  );
}

const LABELS = { matrix: 'Matrix', ranking: 'Ranking', search: 'Search', map: 'Map', code: 'Code' } as const;

function ModelResults({
  model,
  texts,
  pictures,
  isNamed,
  show,
}: Pick<ResultViewsProps, 'texts' | 'pictures'> & {
  readonly model: ServedModel;
  readonly isNamed: boolean;
  readonly show: (results: Results) => ReactNode;
}): ReactNode {
  const results = useResults(model, texts, pictures);
  if (texts.length === 0 || pictures.length === 0) {
    return (
      <EmptyState title={pictures.length === 0 ? 'No picture yet' : 'No sentence yet'}>
        {pictures.length === 0
          ? 'Run one of the examples, or drop a picture. What the model says of it is shown here.'
          : 'Write what the pictures may show, one sentence a line, and press Compare.'}
      </EmptyState>
    );
  }
  return (
    <section className={styles['model']} aria-label={`Results of ${model.id}`}>
      {isNamed && <h2>{model.id}</h2>}
      {results.error && (
        <Problem what="The sentences got no vectors" error={results.error} onRetry={results.retry} hasTrace />
      )}
      {results.rows.map(
        ({ picture, error, retry }) =>
          error && (
            <Problem key={picture.id} what={`${picture.name} got no vector`} error={error} onRetry={retry} hasTrace />
          ),
      )}
      {results.textVectors || results.rows.some(({ vector }) => vector)
        ? show(results)
        : !results.error && <Loading what="the vectors" />}
      {results.notes && <LatencyStrip notes={results.notes} isLoading={results.isLoading} />}
    </section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { formatShort } from '../../../format/format.js';
import { useShortcut } from '../../../frame/use-shortcuts.js';
import { Button } from '../../../ui/button.js';
import { DataTable, type Column } from '../../../ui/data-table.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { CheckField, SelectField, TextField } from '../../../ui/field.js';
import { Loading } from '../../../ui/loading.js';
import { Notice } from '../../../ui/notice.js';
import { Problem } from '../../../ui/problem.js';
import { catalogueQuery, type CatalogueModel } from '../queries.js';
import { useModelsSearch } from '../use-models-search.js';
import { sizeText } from '../words.js';
import { Files } from './files.js';
import { filterCatalogue, inOrder, licencesOf } from './filter.js';
import { ModelDrawer } from './model-drawer.js';
import styles from './catalogue.module.css';

/** Every model that can be served: what it is, where its files are, how fast it is here. */
export function CatalogueTab({ canChange }: { readonly canChange: boolean }): ReactNode {
  const [search, change] = useModelsSearch();
  const { data, error, refetch } = useQuery(catalogueQuery);
  const input = useRef<HTMLInputElement>(null);
  useShortcut('search', () => input.current?.focus());
  if (error) return <Problem what="The catalogue could not be read" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading what="Reads the catalogue" rows={8} />;
  const shown = inOrder(filterCatalogue(data.models, search));
  const silent = data.pods.filter(({ answers }) => !answers);
  const open = data.models.find(({ name }) => name === search.model);
  return (
    <div className={styles['catalogue']}>
      <div className={styles['filters']} role="search">
        <TextField
          ref={input}
          label="Search"
          type="search"
          placeholder="Name, dimension, tokenizer"
          value={search.q ?? ''}
          onChange={({ target }) => change({ q: target.value }, false)}
        />
        <SelectField
          label="Licence"
          value={search.licence ?? ''}
          onChange={({ target }) => change({ licence: target.value === '' ? undefined : target.value }, false)}
        >
          <option value="">Any</option>
          {licencesOf(data.models).map((licence) => (
            <option key={licence}>{licence}</option>
          ))}
        </SelectField>
        <CheckField
          label="On a pod only"
          checked={search.here === true}
          onChange={({ target }) => change({ here: target.checked ? true : undefined }, false)}
        />
        <span className={styles['count']} role="status">
          {shown.length} of {data.models.length} models
        </span>
      </div>
      {data.pods.length === 0 && (
        <Notice tone="warning" title="No pod serves models, so no files and no speed are known.">
          Start one with the same database: npm start.
        </Notice>
      )}
      {silent.map(({ name, reason }) => (
        <Notice key={name} tone="warning" title={`${name} does not answer: what it has is as it last told.`}>
          {reason}
        </Notice>
      ))}
      {shown.length === 0 ? (
        <EmptyState
          title="No model fits"
          action={
            <Button onClick={() => change({ q: undefined, here: undefined, licence: undefined })}>
              Show all models
            </Button>
          }
        >
          No model of the catalogue, and none on a pod, fits these filters.
        </EmptyState>
      ) : (
        <DataTable
          label="Models"
          rows={shown}
          keyOf={({ name }) => name}
          columns={columnsOf(canChange)}
          openKey={open?.name}
          onOpen={({ name }) => change({ model: name })}
        />
      )}
      <ModelDrawer
        model={open}
        podCount={data.pods.length}
        canChange={canChange}
        onClose={() => change({ model: undefined })}
      />
    </div>
  );
}

function columnsOf(canChange: boolean): Column<CatalogueModel>[] {
  return [
    { id: 'name', label: 'Model', width: 'minmax(11rem, 3fr)', cell: ({ name }) => <span title={name}>{name}</span> },
    {
      id: 'dimension',
      label: 'Vector',
      width: '4.5rem',
      isNumber: true,
      shown: 'wide',
      cell: ({ dimension }) => dimension ?? '–',
    },
    {
      id: 'image',
      label: 'Image',
      width: '5rem',
      isNumber: true,
      shown: 'wide',
      cell: ({ imageSize }) => (imageSize === null ? '–' : `${imageSize} px`),
    },
    {
      id: 'size',
      label: 'Size',
      width: '6.5rem',
      isNumber: true,
      shown: 'wide',
      cell: ({ bytes, isEstimate }) => (bytes === null ? '–' : `${isEstimate ? '≈ ' : ''}${sizeText(bytes)}`),
    },
    {
      id: 'licence',
      label: 'Licence',
      width: 'minmax(7rem, 1fr)',
      shown: 'wide',
      cell: (model) => <Licence model={model} />,
    },
    {
      id: 'speed',
      label: 'Texts · images a second',
      width: 'minmax(11.5rem, 1fr)',
      shown: 'wide',
      cell: ({ speed }) => <Speed speed={speed} />,
    },
    {
      id: 'files',
      label: 'Files',
      width: 'minmax(11rem, 2fr)',
      cell: (model) => <Files model={model} canChange={canChange} />,
    },
  ];
}

function Licence({ model: { licence, page } }: { readonly model: CatalogueModel }): ReactNode {
  if (licence !== null) return <span title={licence}>{licence}</span>;
  return <span className={styles['muted']}>{page === null ? 'Not told' : 'See its page'}</span>;
}

function Speed({ speed }: { readonly speed: CatalogueModel['speed'] }): ReactNode {
  const { textsPerSecond, imagesPerSecond, reason } = speed;
  if (reason !== null) {
    return (
      <span className={styles['muted']} title={reason}>
        Not measured
      </span>
    );
  }
  const told = [textsPerSecond, imagesPerSecond].map((figure) => (figure === null ? '–' : formatShort(figure)));
  return (
    <span
      className="number"
      title="Texts and images a second, what its ready replicas work off together when they are busy"
    >
      {told.join(' · ')}
    </span>
  );
}

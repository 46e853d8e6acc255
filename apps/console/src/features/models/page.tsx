import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { useSession } from '../../session/use-session.js';
import { Button } from '../../ui/button.js';
import { Loading } from '../../ui/loading.js';
import { Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { Tabs } from '../../ui/tabs.js';
import { CatalogueTab } from './catalogue/catalogue-tab.js';
import { DifferenceBanner } from './served/difference-banner.js';
import { Editor } from './editor/editor.js';
import { modelsQuery } from './queries.js';
import { ServedTab } from './served/served-tab.js';
import { useModelsSearch } from './use-models-search.js';
import { VersionsTab } from './versions/versions-tab.js';

/** What is served, and what should be. */
export function ModelsPage(): ReactNode {
  const [search, change] = useModelsSearch();
  const { may } = useSession();
  const { data, error, refetch } = useQuery(modelsQuery);
  const canChange = may('models:write');
  const isEditing = search.edit === true && canChange;
  useShortcut('create', () => change({ edit: true }), canChange && !isEditing);
  const actions = canChange && !isEditing && (
    <Button kind="primary" onClick={() => change({ edit: true })}>
      <Pencil size={15} aria-hidden /> Change what is served
    </Button>
  );
  return (
    <Page
      title="Models"
      lead={
        canChange
          ? 'What is served and what should be, the models that can be, and every change so far.'
          : 'What is served and what should be, and the models that can be. Owners and admins change it.'
      }
      actions={actions}
    >
      {error && <Problem what="The models could not be read" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what="Reads the models" rows={6} />}
      {data && <DifferenceBanner models={data} canChange={canChange} />}
      {data && isEditing && <Editor models={data} />}
      {data && !isEditing && (
        <Tabs
          label="Models"
          value={search.tab ?? 'served'}
          onChange={(tab) => change({ tab: tab === 'catalogue' || tab === 'versions' ? tab : undefined })}
          tabs={[
            { id: 'served', label: 'Served', content: <ServedTab models={data} canChange={canChange} /> },
            { id: 'catalogue', label: 'Catalogue', content: <CatalogueTab canChange={canChange} /> },
            { id: 'versions', label: 'Versions', content: <VersionsTab models={data} canChange={canChange} /> },
          ]}
        />
      )}
    </Page>
  );
}

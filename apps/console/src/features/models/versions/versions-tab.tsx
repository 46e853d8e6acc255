import type { ReactNode } from 'react';
import { Drawer } from '../../../ui/dialog.js';
import { DataTable, type Column } from '../../../ui/data-table.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { Status } from '../../../ui/status.js';
import { Ago } from '../../../ui/time.js';
import type { ModelsAnswer, Version } from '../queries.js';
import { useModelsSearch } from '../use-models-search.js';
import { Differences } from './differences.js';
import styles from './versions.module.css';

/** Every version of the models, what is other between two, and the way back. */
export function VersionsTab({
  models,
  canChange,
}: {
  readonly models: ModelsAnswer;
  readonly canChange: boolean;
}): ReactNode {
  const [search, change] = useModelsSearch();
  const { desired, versions } = models;
  if (!desired) {
    return (
      <EmptyState title="No version yet">
        Each change of what is served makes a version, with who made it and why. The first start of a pod makes the
        first.
      </EmptyState>
    );
  }
  const open = versions.find(({ version }) => version === search.from);
  return (
    <div className={styles['versions']}>
      <p className={styles['hint']}>Open a version to see what is other in the one in force, and to go back to it.</p>
      <DataTable
        label="Versions of the models"
        rows={versions}
        keyOf={({ version }) => String(version)}
        columns={columnsOf(desired.version)}
        openKey={open && String(open.version)}
        onOpen={({ version }) => change({ from: version, to: desired.version })}
      />
      <Drawer
        isOpen={open !== undefined}
        onClose={() => change({ from: undefined, to: undefined })}
        title={open ? `Version ${open.version}` : ''}
      >
        {open && (
          <Differences key={open.version} from={open} desired={desired} versions={versions} canChange={canChange} />
        )}
      </Drawer>
    </div>
  );
}

function columnsOf(inForce: number): Column<Version>[] {
  return [
    { id: 'version', label: 'Version', width: '5.5rem', isNumber: true, cell: ({ version }) => version },
    {
      id: 'state',
      label: 'State',
      width: '9rem',
      cell: ({ version, servedAtMs }) => {
        if (version === inForce) return <Status tone="good">In force</Status>;
        return servedAtMs === null ? (
          <Status tone="warning">Never served</Status>
        ) : (
          <Status tone="neutral">Replaced</Status>
        );
      },
    },
    { id: 'note', label: 'Why', width: 'minmax(8rem, 2fr)', cell: ({ note }) => (note === '' ? '–' : note) },
    {
      id: 'models',
      label: 'Models',
      width: 'minmax(8rem, 2fr)',
      shown: 'wide',
      cell: ({ models }) => models.map(({ name }) => name).join(', '),
    },
    {
      id: 'by',
      label: 'By',
      shown: 'wide',
      cell: ({ createdBy, source }) => (source === 'settings' ? 'the settings' : createdBy.name),
    },
    { id: 'at', label: 'When', width: '9rem', cell: ({ createdAtMs }) => <Ago ms={createdAtMs} /> },
  ];
}

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, type ReactNode } from 'react';
import { answer, api, type Schemas } from '../../api/client.js';
import { useShortcut } from '../../frame/use-shortcuts.js';
import { Button } from '../../ui/button.js';
import { CheckField, TextField } from '../../ui/field.js';
import { EmptyState } from '../../ui/empty-state.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Loading } from '../../ui/loading.js';
import { Card, Page } from '../../ui/page.js';
import { Problem } from '../../ui/problem.js';
import { LogLevelCard } from './log-level-card.js';
import { PodDifferences } from './pod-differences.js';
import { SettingRow } from './setting-row.js';
import { settingsSearchOf, type SettingsSearch } from './settings-search.js';
import styles from './settings.module.css';

type Setting = Schemas['SettingView'];

/** Settings in force, and where each came from; and what the service logs. */
export function SettingsPage(): ReactNode {
  const search = settingsSearchOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const change = (next: SettingsSearch) => void navigate({ to: '/settings', search: next, replace: true });
  const box = useRef<HTMLDivElement>(null);
  useShortcut('search', () => box.current?.querySelector('input')?.focus());
  const settings = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => answer(api.GET('/api/settings', { signal })),
  });
  const { data } = settings;
  const shown = data?.settings.filter((setting) => isShown(setting, search)) ?? [];
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <Page
      title="Settings"
      lead="What is in force in the process that answers, and where each value came from. Settings are given where the service is started; the log level and the models are changed while it runs."
    >
      <LogLevelCard />
      {settings.error && (
        <Problem what="The settings could not be read" error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!data && !settings.error && <Loading what="The settings load" rows={10} />}
      {data && (
        <>
          <PodDifferences pods={data.pods} fingerprint={data.fingerprint} />
          <div ref={box} role="search" className={styles['search']}>
            <FilterBar label="Which settings are shown">
              <TextField
                label="Find a setting"
                type="search"
                placeholder="name, value or what it is for"
                value={search.q ?? ''}
                maxLength={100}
                onChange={({ target }) => change(settingsSearchOf({ ...search, q: target.value }))}
              />
              <CheckField
                label="Only what is not a default"
                checked={search.show === 'changed'}
                onChange={({ target }) =>
                  change(settingsSearchOf({ ...search, show: target.checked ? 'changed' : undefined }))
                }
              />
            </FilterBar>
          </div>
          {groups.length === 0 && (
            <EmptyState
              title="No setting is like that"
              action={<Button onClick={() => change({})}>Show all settings</Button>}
            >
              {data.settings.length} settings are there; none has these words
              {search.show ? ' and another value than its default' : ''}.
            </EmptyState>
          )}
          {groups.map((group) => (
            <Card key={group} title={group}>
              <ul className={styles['list']}>
                {shown
                  .filter((setting) => setting.group === group)
                  .map((setting) => (
                    <SettingRow key={setting.name} setting={setting} />
                  ))}
              </ul>
            </Card>
          ))}
        </>
      )}
    </Page>
  );
}

function isShown({ name, doc, value, source, from }: Setting, { q, show }: SettingsSearch): boolean {
  if (show === 'changed' && source === 'default') return false;
  const text = `${name} ${name.replaceAll('_', ' ')} ${doc} ${value ?? ''} ${from ?? ''}`.toLowerCase();
  return (q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

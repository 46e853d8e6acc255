import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client.js';
import { CodeBlock } from '../../ui/copy.js';
import { Tabs } from '../../ui/tabs.js';
import { codeOf, LANGUAGES } from './code.js';
import styles from './playground.module.css';

/** The same comparison as a program asks for it. */
export function CodeView({ model, texts }: { readonly model: string; readonly texts: readonly string[] }): ReactNode {
  const { data: about } = useQuery({
    queryKey: ['settings', 'console'],
    queryFn: ({ signal }) => answer(api.GET('/api/console', { signal })),
  });
  const given = texts.length === 0 ? ['a photo of a cat', 'a photo of a dog'] : texts;
  return (
    <div className={styles['stack']}>
      <p className={styles['muted']}>
        Ranks these sentences for a file <code>picture.jpg</code>. Put the address of the service
        {about?.inferenceUrl && (
          <>
            {' '}
            (<code>{about.inferenceUrl}</code>)
          </>
        )}{' '}
        into <code>CLIP_URL</code> and a token of yours into <code>CLIP_AUTH_TOKEN</code>, as the <code>.env</code> of a
        new token does.
      </p>
      <Tabs
        label="Languages"
        tabs={LANGUAGES.map(({ id, label }) => ({
          id,
          label,
          content: <CodeBlock label={`${label}, ranking`} code={codeOf(id, { model, texts: given })} />,
        }))}
      />
    </div>
  );
}

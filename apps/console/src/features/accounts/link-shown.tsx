import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { formatInstant } from '../../format/format.js';
import { CopyButton } from '../../ui/copy.js';
import { Notice } from '../../ui/notice.js';
import styles from './accounts.module.css';

/** A link that works once, shown this once. */
export function LinkShown({ link, name }: { readonly link: Schemas['LinkView']; readonly name: string }): ReactNode {
  return (
    <div className={styles['stack']}>
      <Notice tone="warning" title="Send it now.">
        This link is shown this once. Whoever opens it chooses the password of {name}. It works once, until{' '}
        {formatInstant(link.expiresAtMs)}; a newer one ends it.
      </Notice>
      <div className={styles['link']}>
        <code data-testid="link">{link.url}</code>
        <CopyButton text={link.url} label="Copy the link" />
      </div>
    </div>
  );
}

import { useEffect, type ReactNode } from 'react';
import styles from './page.module.css';

interface PageProps {
  /** The heading, and the name of the browser's tab. */
  readonly title: string;
  /** A sentence that says what the page is for. */
  readonly lead?: ReactNode;
  /** Buttons at the right of the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The content of one page: heading, lead, actions, then its parts. */
export function Page({ title, lead, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · CLIP-as-service`;
  }, [title]);
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page on a surface of its own, with a heading. */
export function Card({
  title,
  actions,
  children,
}: {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={styles['card']}>
      {(title !== undefined || actions !== undefined) && (
        <header className={styles['cardHead']}>
          {title !== undefined && <h2>{title}</h2>}
          {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

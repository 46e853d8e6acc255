import { useEffect, type ReactNode } from 'react';
import styles from './card.module.css';

/** A page without the frame: the mark, a heading, and one form. */
export function SignInCard({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · CLIP-as-service`;
  }, [title]);
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <header>
          <img src="/mark.svg" alt="" width={32} height={32} />
          <div>
            <p className={styles['brand']}>CLIP-as-service</p>
            <h1>{title}</h1>
          </div>
        </header>
        {children}
      </div>
    </main>
  );
}

import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, IconButton } from './button.js';
import styles from './copy.module.css';

const SAID_MS = 2_000;

/** Copies `text` and says so for two seconds; where the browser does not allow it, says what to do instead. */
export function useCopy(): { state: 'idle' | 'copied' | 'refused'; copy: (text: string) => void } {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SAID_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (text: string) =>
    void writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  return { state, copy };
}

/** Plain HTTP pages of other hosts have no clipboard at all. */
async function writeText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

const WORDS = { idle: '', copied: 'Copied', refused: 'The browser does not allow it: select the text and copy it' };

/** A small sign that copies `text`; `label` says what that is. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { state, copy } = useCopy();
  return (
    <>
      <IconButton label={label} onClick={() => copy(text)}>
        {state === 'copied' ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
      </IconButton>
      <span role="status" className={state === 'refused' ? styles['refused'] : 'unseen'}>
        {WORDS[state]}
      </span>
    </>
  );
}

/** A block of code or a command, with a button that copies it. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }): ReactNode {
  const { state, copy } = useCopy();
  return (
    <div className={styles['block']}>
      {/* Long lines scroll, which the keyboard must be able to do, too. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <div className={styles['action']}>
        <span role="status">{WORDS[state]}</span>
        <Button onClick={() => copy(code)} aria-label={`Copy: ${label}`}>
          <Copy size={14} aria-hidden /> Copy
        </Button>
      </div>
    </div>
  );
}

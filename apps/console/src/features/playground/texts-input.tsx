import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.js';
import { Form, TextArea } from '../../ui/field.js';
import styles from './playground.module.css';
import { TEXTS_CHARS_MAX, TEXTS_MAX } from './search.js';

/** Sentences, one a line. They are compared when the button (or Control and Enter) is pressed. */
export function TextsInput({
  texts,
  onTexts,
}: {
  readonly texts: string;
  readonly onTexts: (texts: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState({ of: texts, text: texts });
  // An example, or going back, brings other texts than those that are being typed.
  const current = typed.of === texts ? typed.text : texts;
  return (
    <Form
      className={styles['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        onTexts(current);
      }}
    >
      <TextArea
        label="One a line"
        rows={6}
        value={current}
        maxLength={TEXTS_CHARS_MAX}
        placeholder={'a photo of a cat\na photo of a dog'}
        hint={`Up to ${TEXTS_MAX}. Control and Enter compares.`}
        onChange={(event) => setTyped({ of: texts, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <div>
        <Button kind="primary" type="submit">
          Compare
        </Button>
      </div>
    </Form>
  );
}

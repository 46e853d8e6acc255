import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { errorOf } from '../../api/error-of.js';
import { Card } from '../../ui/page.js';
import { SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import type { ServedModel } from './calls.js';
import { EXAMPLES, pictureOf, type Example } from './examples.js';
import { addFiles, removeAllPictures, usePictures } from './pictures.js';
import { PicturesInput } from './pictures-input.js';
import styles from './playground.module.css';
import { ResultViews } from './result-views.js';
import { linesOf, type PlaygroundSearch, type SearchChange } from './search.js';
import { TextsInput } from './texts-input.js';

interface BenchProps {
  readonly models: readonly ServedModel[];
  readonly status: Schemas['PlaygroundView'];
  readonly search: PlaygroundSearch;
  readonly onSearch: (change: SearchChange) => void;
}

/** What is put in at the left, and what comes of it at the right. */
export function Bench({ models, status, search, onSearch }: BenchProps): ReactNode {
  const pictures = usePictures();
  const [notes, setNotes] = useState<readonly string[]>([]);
  const add = (files: readonly File[]) => void addFiles(files, status.bodyBytesMax).then(setNotes);
  const run = async (example: Example) => {
    try {
      const file = await pictureOf(example);
      removeAllPictures();
      setNotes(await addFiles([file], status.bodyBytesMax));
      onSearch({ example: example.id, texts: example.texts.join('\n') });
    } catch (err) {
      setNotes([errorOf(err).message]);
    }
  };
  useOpened(search, pictures.length, run);
  const chosen = models.find(({ id }) => id === search.model) ?? models[0];
  const other = models.find(({ id }) => id === search.with && id !== chosen?.id);
  return (
    <div className={styles['bench']}>
      <div className={styles['inputs']}>
        <Card title="Examples">
          <ul className={styles['examples']}>
            {EXAMPLES.map((example) => (
              <li key={example.id}>
                <button type="button" className={styles['example']} onClick={() => void run(example)}>
                  <img src={example.picture.url} alt="" width={48} height={48} />
                  <span>
                    <strong>{example.title}</strong>
                    <span className={styles['muted']}>{example.about}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <p className={styles['credit']}>
            Drawings adapted from OpenMoji, CC BY-SA 4.0; photo: Stefan van der Walt, CC0.
          </p>
        </Card>
        <Card title="Pictures">
          <PicturesInput pictures={pictures} onFiles={add} />
          {notes.map((note) => (
            <Notice key={note} tone="warning">
              {note}
            </Notice>
          ))}
        </Card>
        <Card title="Sentences">
          <TextsInput texts={search.texts ?? ''} onTexts={(texts) => onSearch({ texts, example: undefined })} />
        </Card>
        <Card title="Models">
          <ModelChoice models={models} chosen={chosen} other={other} onSearch={onSearch} />
        </Card>
      </div>
      <div className={styles['results']}>
        {chosen && (
          <ResultViews
            models={other ? [chosen, other] : [chosen]}
            texts={linesOf(search.texts)}
            pictures={pictures}
            search={search}
            onSearch={onSearch}
          />
        )}
      </div>
    </div>
  );
}

/** An address with an example brings its picture, once, where no others are. */
function useOpened(search: PlaygroundSearch, pictures: number, run: (example: Example) => Promise<void>): void {
  const isOpened = useRef(false);
  useEffect(() => {
    if (isOpened.current) return;
    isOpened.current = true;
    const example = EXAMPLES.find(({ id }) => id === search.example);
    if (example && pictures === 0) void run(example);
  });
}

function ModelChoice({
  models,
  chosen,
  other,
  onSearch,
}: {
  readonly models: readonly ServedModel[];
  readonly chosen: ServedModel | undefined;
  readonly other: ServedModel | undefined;
  readonly onSearch: (change: SearchChange) => void;
}): ReactNode {
  return (
    <div className={styles['stack']}>
      <SelectField label="Model" value={chosen?.id ?? ''} onChange={(event) => onSearch({ model: event.target.value })}>
        {models.map(({ id, isDefault, dimension }) => (
          <option key={id} value={id}>
            {`${id} (${dimension} numbers${isDefault ? ', default' : ''})`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Beside it"
        value={other?.id ?? ''}
        disabled={models.length < 2}
        hint={models.length < 2 ? 'Serve a second model under Models to see two side by side.' : undefined}
        onChange={(event) => onSearch({ with: event.target.value === '' ? undefined : event.target.value })}
      >
        <option value="">No other model</option>
        {models
          .filter(({ id }) => id !== chosen?.id)
          .map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
      </SelectField>
    </div>
  );
}

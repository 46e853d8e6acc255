import { Globe, ImagePlus, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.js';
import { classNames } from '../../ui/class-names.js';
import { Form, TextField } from '../../ui/field.js';
import { addAddress, removeAllPictures, removePicture, type Picture } from './pictures.js';
import styles from './playground.module.css';

/** Pictures by drop, paste, choice or address, and those that are there. */
export function PicturesInput({
  pictures,
  onFiles,
}: {
  readonly pictures: readonly Picture[];
  readonly onFiles: (files: readonly File[]) => void;
}): ReactNode {
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  usePaste(onFiles);
  return (
    <div className={styles['stack']}>
      <div
        className={classNames(styles['drop'], isOver && styles['over'])}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          onFiles(picturesOf(event.dataTransfer.files));
        }}
      >
        <Button onClick={() => chooser.current?.click()}>
          <ImagePlus size={16} aria-hidden /> Choose pictures
        </Button>
        <span className={styles['muted']}>or drop them here, or paste one</span>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          multiple
          hidden
          aria-label="Pictures"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      <AddressForm />
      {pictures.length > 0 && (
        <>
          <ul className={styles['pictures']} aria-label="Pictures of this visit">
            {pictures.map((picture) => (
              <li key={picture.id} className={styles['picture']}>
                <Thumbnail picture={picture} />
                <IconButton
                  label={`Remove ${picture.name}`}
                  className={styles['remove']}
                  onClick={() => removePicture(picture.id)}
                >
                  <X size={13} aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
          <div>
            <Button kind="quiet" onClick={removeAllPictures}>
              Remove all
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

/** A small picture, or a sign for one that only the service has seen; `isNamed`: its name stands beside it. */
export function Thumbnail({
  picture,
  isNamed = false,
}: {
  readonly picture: Picture;
  readonly isNamed?: boolean;
}): ReactNode {
  const { url, name } = picture;
  if (url !== undefined) {
    return <img className={styles['thumbnail']} src={url} alt={isNamed ? '' : name} title={name} />;
  }
  return (
    <span
      className={classNames(styles['thumbnail'], styles['remote'])}
      title={`${name}: the service fetches it, so there is no preview`}
    >
      <Globe size={18} aria-hidden />
      {!isNamed && <span className="unseen">{name}</span>}
    </span>
  );
}

function AddressForm(): ReactNode {
  const [address, setAddress] = useState('');
  const [problem, setProblem] = useState<string>();
  return (
    <Form
      className={styles['address']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!/^https?:\/\/[^\s]+$/.test(address.trim())) {
          setProblem('Write an address that begins with http:// or https://.');
          return;
        }
        addAddress(address.trim());
        setAddress('');
        setProblem(undefined);
      }}
    >
      <TextField
        label="Or its address"
        placeholder="https://example.com/cat.jpg"
        inputMode="url"
        value={address}
        problem={problem}
        hint="The service fetches it; this page does not, so it shows no preview."
        onChange={(event) => setAddress(event.target.value)}
      />
      <Button type="submit">Add</Button>
    </Form>
  );
}

/** Pictures that are pasted anywhere on the page; text goes on to the field that has the focus. */
function usePaste(onFiles: (files: readonly File[]) => void): void {
  const handler = useRef(onFiles);
  useEffect(() => {
    handler.current = onFiles;
  });
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = picturesOf(event.clipboardData?.files ?? []);
      if (files.length === 0) return;
      event.preventDefault();
      handler.current(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}

function picturesOf(files: Iterable<File>): File[] {
  return [...files].filter(({ type }) => type.startsWith('image/'));
}

import { Plus } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { TextField } from '../../../ui/field.js';
import styles from './editor.module.css';

/** Adds a model by its name, with the names of the catalogue to choose from. */
export function AddModel({
  names,
  onAdd,
}: {
  readonly names: readonly string[];
  readonly onAdd: (name: string) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const list = useId();
  const add = () => {
    if (name.trim() === '') return;
    onAdd(name.trim());
    setName('');
  };
  return (
    <div className={styles['add']}>
      <TextField
        label="Add a model"
        hint="A name of the catalogue, a folder in CAS_MODEL_DIR, or hub:owner/name."
        list={list}
        value={name}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault(); // it would apply the whole form
          add();
        }}
      />
      <datalist id={list}>
        {names.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <Button onClick={add} disabled={name.trim() === ''}>
        <Plus size={15} aria-hidden /> Add
      </Button>
    </div>
  );
}

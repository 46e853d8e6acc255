import { Search } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useShortcut } from '../frame/use-shortcuts.js';
import { complete } from '../query/complete.js';
import type { QueryLanguage } from '../query/language.js';
import { parseQuery, type QueryProblem } from '../query/parse.js';
import { classNames } from './class-names.js';
import { IconButton } from './button.js';
import styles from './query-bar.module.css';

/** A value that occurs, and how often or what it is. */
export interface KnownValue {
  readonly value: string;
  readonly about?: string;
}

interface QueryBarProps {
  /** What is searched, for screen readers: `Search requests`. */
  readonly label: string;
  readonly placeholder: string;
  readonly language: QueryLanguage;
  /** The query that is searched for, as the URL holds it. */
  readonly value: string;
  /** Called with a query that can be understood, or an empty one. */
  readonly onSearch: (text: string) => void;
  /** Values of a key that occur, the most frequent first. */
  readonly valuesOf: (key: string) => readonly KnownValue[];
}

/**
 * One line of a query with suggestions. What cannot be understood is not searched for: it is marked, with what to write
 * instead. Enter searches; the arrow keys choose a suggestion, Tab or Enter takes it, Escape closes the list.
 */
export function QueryBar({ label, placeholder, language, value, onSearch, valuesOf }: QueryBarProps): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState({ text: value, of: value });
  const [cursor, setCursor] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [isTried, setTried] = useState(true);
  useShortcut('search', () => input.current?.focus());
  // A facet or the back button has changed the query meanwhile.
  const text = draft.of === value ? draft.text : value;
  const { problems } = parseQuery(text, language);
  const { from, to, suggestions } = complete(text, cursor, language, valuesOf);
  const shown = isOpen ? suggestions : [];
  const seen = isTried ? problems : problems.filter((problem) => cursor < problem.from || cursor > problem.to);

  const write = (next: string, at: number) => {
    setDraft({ text: next, of: value });
    setCursor(at);
    setChosen(-1);
    setTried(false);
    setOpen(true);
  };
  const take = (at: number) => {
    const suggestion = shown[at];
    if (suggestion === undefined) return;
    const isKey = suggestion.insert.endsWith(':');
    const end = text.slice(to);
    const gap = isKey || /^[\s)]/.test(end) ? '' : ' ';
    const next = text.slice(0, from) + suggestion.insert + gap + end;
    const place = from + suggestion.insert.length + gap.length;
    write(next, place);
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
  };
  const search = () => {
    setTried(true);
    setOpen(false);
    if (problems.length === 0) onSearch(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if ((key === 'ArrowDown' || key === 'ArrowUp') && suggestions.length > 0) {
      setOpen(true);
      setChosen((chosen + (key === 'ArrowDown' ? 1 : suggestions.length)) % suggestions.length);
    } else if (key === 'Tab' && isOpen && chosen >= 0) take(chosen);
    else if (key === 'Enter') {
      if (isOpen && chosen >= 0) take(chosen);
      else search();
    } else if (key === 'Escape' && isOpen) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles['bar']}>
      <div className={styles['line']}>
        <Search size={16} aria-hidden className={styles['sign']} />
        <input
          ref={input}
          className={styles['input']}
          role="combobox"
          aria-label={label}
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(chosen >= 0 && shown[chosen] ? { 'aria-activedescendant': `${id}-${chosen}` } : {})}
          {...(seen.length > 0 ? { 'aria-invalid': true, 'aria-describedby': `${id}-problem` } : {})}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={placeholder}
          value={text}
          onChange={({ target }) => write(target.value, target.selectionStart ?? target.value.length)}
          onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setTried(true);
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton label="Search" onClick={search}>
          <span aria-hidden>↵</span>
        </IconButton>
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label="Suggestions"
        className={styles['list']}
        hidden={shown.length === 0}
      >
        {shown.map(({ label: name, about }, at) => (
          <li
            key={name}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === chosen}
            className={classNames(styles['option'], at === chosen && styles['chosen'])}
            // The input keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(at)}
          >
            <code>{name}</code>
            <span>{about}</span>
          </li>
        ))}
      </ul>
      {seen.length > 0 && <Diagnostics id={`${id}-problem`} text={text} problems={seen} />}
    </div>
  );
}

/** The query with what is wrong in it marked, and a sentence for each. */
function Diagnostics({
  id,
  text,
  problems,
}: {
  readonly id: string;
  readonly text: string;
  readonly problems: readonly QueryProblem[];
}): ReactNode {
  const [first] = problems;
  if (first === undefined) return null;
  return (
    <div id={id} role="alert" className={styles['problem']}>
      <code className={styles['marked']}>
        {text.slice(0, first.from)}
        <mark>{text.slice(first.from, first.to) || ' '}</mark>
        {text.slice(first.to)}
      </code>
      {problems.map(({ from, message }) => (
        <p key={from}>
          Character {from + 1}: {message}
        </p>
      ))}
    </div>
  );
}

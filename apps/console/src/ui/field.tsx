import { useId, type ComponentProps, type ReactNode } from 'react';
import styles from './field.module.css';
import { classNames } from './class-names.js';

interface FieldProps {
  readonly label: string;
  /** What may be written here, below the field. */
  readonly hint?: ReactNode;
  /** What is wrong with it; read out when it appears. */
  readonly problem?: string | undefined;
}

interface Described extends FieldProps {
  readonly children: (described: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** A label, a control, a hint and what is wrong, joined for screen readers. */
export function Field({ label, hint, problem, children }: Described): ReactNode {
  const id = useId();
  const describedBy = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean);
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(describedBy.length > 0 ? { 'aria-describedby': describedBy.join(' ') } : {}),
        ...(problem === undefined ? {} : { 'aria-invalid': true }),
      })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </div>
      )}
      {problem !== undefined && (
        <div id={`${id}-problem`} role="alert" className={styles['problem']}>
          {problem}
        </div>
      )}
    </div>
  );
}

/** One line of text. */
export function TextField({ label, hint, problem, ...props }: FieldProps & ComponentProps<'input'>): ReactNode {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => <input type="text" {...props} {...described} className={styles['control']} />}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({ label, hint, problem, ...props }: FieldProps & ComponentProps<'textarea'>): ReactNode {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => <textarea rows={4} {...props} {...described} className={styles['control']} />}
    </Field>
  );
}

/** One of a few values; the browser's own control, which phones show well. */
export function SelectField({ label, hint, problem, ...props }: FieldProps & ComponentProps<'select'>): ReactNode {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(described) => <select {...props} {...described} className={styles['control']} />}
    </Field>
  );
}

/** A box to tick, with its text beside it. */
export function CheckField({
  label,
  hint,
  ...props
}: { readonly label: ReactNode; readonly hint?: ReactNode } & ComponentProps<'input'>): ReactNode {
  return (
    <label className={styles['check']}>
      <input type="checkbox" {...props} />
      <span>
        {label}
        {hint !== undefined && <span className={styles['hint']}>{hint}</span>}
      </span>
    </label>
  );
}

/** Fields that belong together, under a name. */
export function FieldGroup({ legend, children }: { readonly legend: string; readonly children: ReactNode }): ReactNode {
  return (
    <fieldset className={styles['group']}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

/** A form whose fields stand below each other. */
export function Form({ className, ...props }: ComponentProps<'form'>): ReactNode {
  return <form {...props} className={classNames(styles['form'], className)} />;
}

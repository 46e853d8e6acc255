import { Link, type LinkProps } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.js';

interface Looks {
  /** `primary`: the one thing to do here; `plain`: the rest; `quiet`: inside rows; `grave`: what cannot be undone. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'grave';
  readonly children: ReactNode;
}

/** A button; while `isBusy` it cannot be pressed and says so to screen readers. */
export function Button({
  kind = 'plain',
  isBusy = false,
  type = 'button',
  className,
  disabled,
  ...props
}: Looks & { readonly isBusy?: boolean } & ComponentProps<'button'>): ReactNode {
  return (
    <button
      {...props}
      type={type}
      aria-busy={isBusy || undefined}
      disabled={disabled === true || isBusy}
      className={classNames(styles['button'], styles[kind], className)}
    />
  );
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function LinkButton({ kind = 'plain', ...props }: Looks & LinkProps): ReactNode {
  return <Link {...props} className={classNames(styles['button'], styles[kind])} />;
}

/** A button that shows a sign only; `label` is its name for screen readers and its tooltip. */
export function IconButton({
  label,
  children,
  className,
  ...props
}: { readonly label: string } & ComponentProps<'button'>): ReactNode {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...props}
      className={classNames(styles['button'], styles['quiet'], styles['icon'], className)}
    >
      {children}
    </button>
  );
}

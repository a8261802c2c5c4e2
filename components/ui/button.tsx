/**
 * Button, ButtonLink, IconButton. `look`: `primary` is the one filled button of a view and names its effect ("Deploy to 12 devices");
 * `plain` (default) is bordered; `quiet` has no border; `danger` is for what cannot be undone. `busy` shows a word, never a spinner.
 */
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

const base =
  'inline-flex min-h-9 touch:min-h-11 shrink-0 items-center justify-center gap-2 rounded-ctl px-3.5 text-15 font-semibold whitespace-nowrap transition-colors duration-(--t-fast) disabled:cursor-not-allowed disabled:opacity-55';

const looks: Record<ButtonLook, string> = {
  primary: 'forced-colors:border bg-accent text-on-accent enabled:hover:bg-[color-mix(in_srgb,var(--accent),var(--text)_18%)]',
  plain: 'border border-line-strong text-text hover:bg-raised',
  quiet: 'text-muted hover:bg-raised hover:text-text',
  danger: 'border border-st-failed text-text hover:bg-[color-mix(in_srgb,var(--st-failed)_22%,transparent)]',
};

export const buttonClass = (look: ButtonLook = 'plain', className?: string): string => classNames(base, looks[look], className);

interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  /** While the work is under way: the button is disabled and says this instead. */
  busy?: string | false | undefined;
}

export function Button({ look = 'plain', busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={buttonClass(look, className)}
      disabled={disabled || Boolean(busy)}
      aria-busy={Boolean(busy)}
      {...rest}
    >
      {busy || children}
    </button>
  );
}

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  look?: ButtonLook;
}

export function ButtonLink({ look = 'plain', className, ...rest }: ButtonLinkProps) {
  return <Link className={buttonClass(look, className)} {...rest} />;
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Read out and shown as tooltip. */
  label: string;
  children: ReactNode;
}

/** A square button with an icon of 20 px (lucide-react, `size={20} strokeWidth={1.75}`). */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classNames(
        'inline-flex size-9 touch:size-11 shrink-0 items-center justify-center rounded-ctl text-muted transition-colors duration-(--t-fast) hover:bg-raised hover:text-text disabled:opacity-55',
        className,
      )}
      {...rest}
    />
  );
}

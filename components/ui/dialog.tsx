'use client';
/**
 * Dialog: <Dialog open={open} onOpenChange={setOpen} title="Add a device" description="…" footer={<Button …/>}>…</Dialog>.
 * Closes with Esc, the cross and a press outside (unless `modal="strict"`); focus goes in and comes back by itself.
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
  /** `md` 560 px (default), `lg` 800 px. */
  size?: 'md' | 'lg';
  /** `strict`: a press outside does not close it (something typed would be lost). */
  modal?: 'strict' | 'light';
  /** Asked while another one is open: that one is dimmed behind it. */
  onTop?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  /** Moves the focus where it should be afterwards, if not where it was before. */
  onClosed?: () => void;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = 'md',
  modal = 'light',
  onTop,
  initialFocus,
  onClosed,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={modal === 'strict'}>
      <Base.Portal>
        <Base.Backdrop
          className={classNames(
            'fixed inset-0 bg-backdrop transition-opacity duration-(--t-fast) data-ending-style:opacity-0 data-starting-style:opacity-0',
            onTop ? 'z-50' : 'z-40',
          )}
        />
        <Base.Popup
          {...(initialFocus ? { initialFocus } : {})}
          {...(onClosed
            ? {
                finalFocus: () => {
                  onClosed();
                  return false;
                },
              }
            : {})}
          className={classNames(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[min(90dvh,56rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-tile border border-line-strong bg-surface outline-none transition-opacity duration-(--t-fast) data-ending-style:opacity-0 data-starting-style:opacity-0',
            size === 'lg' ? 'max-w-[50rem]' : 'max-w-[35rem]',
          )}
        >
          <header className="flex items-start gap-3 border-b border-line py-3 pr-14 pl-5">
            <div className="min-w-0 flex-1 py-1">
              <Base.Title className="text-20 font-semibold">{title}</Base.Title>
              {description ? <Base.Description className="mt-1 text-15 text-muted">{description}</Base.Description> : null}
            </div>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer ? <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer> : null}
          {/* Last in order, so that the focus starts at the content. */}
          <Base.Close
            render={
              <IconButton label="Close" className="absolute top-3 right-3">
                <X size={20} strokeWidth={1.75} />
              </IconButton>
            }
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

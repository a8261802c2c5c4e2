'use client';
/** The opened part of Menu: loaded when a menu is first wanted, because what places it is larger than the rest of the page's controls. */
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { Fragment } from 'react';
import { classNames } from './class-names.ts';
import type { MenuItem, MenuProps } from './menu.tsx';

const itemClass =
  'flex min-h-9 touch:min-h-11 cursor-default items-center gap-3 rounded-plate px-3 text-15 outline-none select-none data-disabled:opacity-55 data-highlighted:bg-raised';

export function MenuPopup({ trigger, items, align = 'end' }: MenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={6} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-48 overflow-y-auto rounded-ctl border border-line-strong bg-surface p-1 shadow-menu outline-none transition-opacity duration-(--t-fast) data-ending-style:opacity-0 data-starting-style:opacity-0">
            {items.map((item, index) =>
              item === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity and never move
                <Base.Separator key={index} className="my-1 h-px bg-line" />
              ) : (
                <Fragment key={item.label}>
                  <Item {...item} />
                </Fragment>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ label, hint, icon, onSelect, href, danger, disabled, checked }: MenuItem) {
  const content = (
    <>
      {icon}
      <span className="flex-1">{label}</span>
      {checked ? <Check size={18} strokeWidth={1.75} aria-label="chosen" /> : null}
      {hint ? <span className="text-13 text-muted">{hint}</span> : null}
    </>
  );
  const className = classNames(itemClass, danger && 'text-st-failed');
  return href ? (
    <Base.LinkItem className={className} render={<Link href={href} />}>
      {content}
    </Base.LinkItem>
  ) : (
    <Base.Item className={className} disabled={disabled ?? false} onClick={() => onSelect?.()}>
      {content}
    </Base.Item>
  );
}

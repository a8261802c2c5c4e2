'use client';
/**
 * Tabs: <Tabs label="Views" value={tab} onChange={setTab} tabs={[{ value: 'yaml', label: 'YAML', content: … }]} />.
 * Arrow keys move between the tabs. Only the open panel is mounted unless a tab says `keep`.
 */
import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
  keep?: boolean;
}

interface TabsProps {
  /** Read out as the name of the row of tabs. */
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange: (value: string) => void;
  className?: string;
  panelClassName?: string;
  /** Stands at the right end of the row. */
  aside?: ReactNode;
}

export function Tabs({ label, tabs, value, onChange, className, panelClassName, aside }: TabsProps) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(String(next))}
      className={classNames('flex min-h-0 flex-col', className)}
    >
      <div className="flex items-end gap-2 border-b border-line">
        <Base.List aria-label={label} className="flex min-w-0 flex-1 gap-1 overflow-x-auto">
          {tabs.map((tab) => (
            <Base.Tab
              key={tab.value}
              value={tab.value}
              className="-mb-px min-h-9 touch:min-h-11 border-b-2 border-transparent px-3 text-15 font-semibold whitespace-nowrap text-muted outline-offset-[-3px] hover:text-text data-active:border-accent data-active:text-text"
            >
              {tab.label}
            </Base.Tab>
          ))}
        </Base.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Base.Panel
          key={tab.value}
          value={tab.value}
          keepMounted={tab.keep ?? false}
          className={classNames('min-h-0 flex-1', panelClassName)}
        >
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

'use client';
/** What is asked for and how it is shown, above the lines. */
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { Menu, type MenuProps } from '../ui/menu.tsx';
import type { LogPreferences } from './log-preferences.ts';
import { RangeChoiceFields } from './range-choice.tsx';
import { Switch } from './search-bar.tsx';
import { LEVEL_FILTERS, type LevelFilter } from './shown-lines.ts';
import type { TimeRange } from './time-range.ts';

interface LogToolbarProps {
  /** Which service, where there is a choice. */
  choice?: ReactNode;
  search: ReactNode;
  level: LevelFilter;
  onLevel: (level: LevelFilter) => void;
  range: TimeRange;
  onRange: (range: TimeRange) => void;
  following: boolean;
  onFollow: () => void;
  preferences: LogPreferences;
  onPreferences: (change: Partial<LogPreferences>) => void;
  downloads: MenuProps['items'];
}

export function LogToolbar(props: LogToolbarProps) {
  const { choice, search, level, onLevel, range, onRange, following, onFollow, preferences, onPreferences, downloads } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-3 py-2">
      {choice}
      <RangeChoiceFields range={range} onChange={onRange} />
      <Select
        aria-label="Level"
        className="w-auto! max-sm:min-w-0 max-sm:flex-1"
        value={level}
        onChange={(event) => onLevel(event.target.value as LevelFilter)}
      >
        {Object.entries(LEVEL_FILTERS).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
      {search}
      <div className="ml-auto flex items-center gap-1.5">
        <Switch label="Follow new lines (f)" on={following} onClick={onFollow}>
          follow
        </Switch>
        <Switch label="Wrap long lines (w)" on={preferences.wrap} onClick={() => onPreferences({ wrap: !preferences.wrap })}>
          wrap
        </Switch>
        <Switch label="Times (t)" on={preferences.times} onClick={() => onPreferences({ times: !preferences.times })}>
          times
        </Switch>
        <Menu
          align="end"
          trigger={
            <IconButton label="Download">
              <Download size={20} strokeWidth={1.75} />
            </IconButton>
          }
          items={downloads}
        />
      </div>
    </div>
  );
}

'use client';
/** From when to when: a choice, and two fields of local time where it is between two times. */
import { Input, Select } from '../ui/field.tsx';
import { RANGES, type RangeChoice, type TimeRange } from './time-range.ts';

export function RangeChoiceFields({ range, onChange }: { range: TimeRange; onChange: (range: TimeRange) => void }) {
  return (
    <>
      <Select
        aria-label="Time"
        className="w-auto! max-w-52 max-sm:min-w-0 max-sm:flex-1"
        value={range.choice}
        onChange={(event) => onChange({ ...range, choice: event.target.value as RangeChoice, atMs: Date.now() })}
      >
        {Object.entries(RANGES).map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </Select>
      {range.choice === 'between' ? (
        <span className="flex flex-wrap items-center gap-1.5 text-13 text-muted">
          <Input
            type="datetime-local"
            step={1}
            aria-label="From"
            className="w-auto!"
            value={range.from}
            onChange={(event) => onChange({ ...range, from: event.target.value })}
          />
          to
          <Input
            type="datetime-local"
            step={1}
            aria-label="To"
            className="w-auto!"
            value={range.to}
            onChange={(event) => onChange({ ...range, to: event.target.value })}
          />
        </span>
      ) : null}
    </>
  );
}

'use client';
/** How a watcher sees a session of another size: all of it, or letters of the usual size. */
import { classNames } from '../ui/class-names.ts';

const CHOICES = [
  { value: 'fit', label: 'Fit' },
  { value: '1:1', label: '1:1' },
] as const;

interface ScaleChoiceProps {
  value: 'fit' | '1:1';
  onChange: (value: 'fit' | '1:1') => void;
}

export function ScaleChoice({ value, onChange }: ScaleChoiceProps) {
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">Size of the letters</legend>
      {CHOICES.map((one) => (
        <button
          key={one.value}
          type="button"
          aria-pressed={value === one.value}
          onClick={() => onChange(one.value)}
          className={classNames(
            'min-h-8 touch:min-h-11 rounded-ctl px-2',
            value === one.value ? 'bg-raised font-semibold text-text' : 'text-muted hover:text-text',
          )}
        >
          {one.label}
        </button>
      ))}
    </fieldset>
  );
}

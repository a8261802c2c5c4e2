'use client';
import { classNames } from '../ui/class-names.ts';

export type Pane = 'form' | 'yaml' | 'changes';

interface PaneChoiceProps {
  pane: Pane;
  onChange: (pane: Pane) => void;
  changes: number;
}

/** On a wide screen the form always stands at the left, and this chooses what stands at the right. */
export function PaneChoice({ pane, onChange, changes }: PaneChoiceProps) {
  const choices = [
    { value: 'form', label: 'Form', className: 'lg:hidden', pressed: pane === 'form' },
    { value: 'yaml', label: 'YAML', className: pane === 'form' ? 'lg:border-accent lg:text-text' : '', pressed: pane === 'yaml' },
    { value: 'changes', label: `Changes (${changes})`, className: '', pressed: pane === 'changes' },
  ] as const;
  return (
    <fieldset aria-label="What to show" className="flex gap-1 border-b border-line lg:justify-end">
      {choices.map(({ value, label, className, pressed }) => (
        <button
          key={value}
          type="button"
          aria-pressed={pressed}
          onClick={() => onChange(value)}
          className={classNames(
            '-mb-px min-h-9 border-b-2 px-3 text-15 font-semibold touch:min-h-11',
            pressed ? 'border-accent text-text' : 'border-transparent text-muted hover:text-text',
            className,
          )}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

import { useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';

interface CodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** Another name or password after all. */
  onBack: () => void;
}

/** After the password: the code of the app, or one for recovery. As high as the two fields it stands in for. */
export function CodeField({ value, onChange, onBack }: CodeFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="flex min-h-[8.5rem] flex-col justify-between gap-2">
      <Field label="Code" hint="The six digits of your app, or a recovery code.">
        {(control) => (
          <Input
            {...control}
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={40}
            ref={field}
            className="font-mono"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <Button look="quiet" className="self-start" onClick={onBack}>
        Back to name and password
      </Button>
    </div>
  );
}

import type { RefObject } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import { Field, Input } from '../ui/field.tsx';

interface NewPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** True once it was tried: an empty field is an error only then. */
  asked: boolean;
  field: RefObject<HTMLInputElement | null>;
}

/** A password that is chosen, with how much is missing. */
export function NewPasswordField({ value, onChange, asked, field }: NewPasswordFieldProps) {
  const tooShort = (asked || value.length > 0) && value.length < PASSWORD_MIN;
  return (
    <Field
      label="Choose a password"
      hint={`At least ${PASSWORD_MIN} characters. A few words you can remember are best.`}
      error={tooShort ? `${PASSWORD_MIN - value.length} characters more to go.` : undefined}
    >
      {(control) => (
        <Input
          {...control}
          type="password"
          name="password"
          autoComplete="new-password"
          required
          ref={field}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

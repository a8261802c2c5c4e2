/** NameToConfirm: the field where a person types a name before what cannot be undone. <NameToConfirm name="hello" typed={typed} onType={setTyped} /> */
import { Field, Input } from './field.tsx';

interface NameToConfirmProps {
  name: string;
  typed: string;
  onType: (text: string) => void;
}

export function NameToConfirm({ name, typed, onType }: NameToConfirmProps) {
  return (
    <Field label={<>Type {name} to confirm</>}>
      {(control) => (
        <Input
          {...control}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      )}
    </Field>
  );
}

import type { ComponentProps } from 'react';
import { Select } from '../ui/field.tsx';
import { type GivenRole, ROLE_WORDS } from './role-words.ts';

interface RoleSelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  roles: readonly GivenRole[];
  value: GivenRole;
  onChoose: (role: GivenRole) => void;
  /** Adds what each role may do. */
  explained?: boolean;
}

export function RoleSelect({ roles, value, onChoose, explained, ...rest }: RoleSelectProps) {
  return (
    <Select
      {...rest}
      value={value}
      onChange={(event) => {
        const chosen = roles.find((role) => role === event.target.value);
        if (chosen) onChoose(chosen);
      }}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {explained ? `${role} · ${ROLE_WORDS[role]}` : role}
        </option>
      ))}
    </Select>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { WallList } from '#contracts/api-walls.ts';
import { MAIN_WALL } from '#contracts/wall.ts';
import { request } from '../live/api-client.ts';
import { Select } from '../ui/field.tsx';

interface WallSelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: string;
  onChoose: (wall: string) => void;
}

/** Saved walls by title. The one that is chosen stays in the list, also where it is not there any more. */
export function WallSelect({ value, onChoose, ...rest }: WallSelectProps) {
  const { data } = useQuery({ queryKey: ['walls'], queryFn: ({ signal }) => request(WallList, '/walls', { signal }) });
  const titles = new Map([[MAIN_WALL, 'The wall']]);
  if (!titles.has(value)) titles.set(value, value);
  for (const { wall } of data?.items ?? []) titles.set(wall.name, wall.title);
  return (
    <Select {...rest} value={value} onChange={(event) => onChoose(event.target.value)}>
      {[...titles].map(([name, title]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </Select>
  );
}

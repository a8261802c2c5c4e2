'use client';
import { X } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';

export interface LabelRow {
  id: number;
  key: string;
  value: string;
}

interface LabelRowsProps {
  rows: readonly LabelRow[];
  onChange: (change: (rows: LabelRow[]) => LabelRow[]) => void;
  /** Id of a list of names to choose from. */
  list?: string;
}

/** Labels while they are typed, a name and a value in each row. */
export function LabelRows({ rows, onChange, list }: LabelRowsProps) {
  const change = (id: number, part: Partial<LabelRow>) =>
    onChange((all) => all.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return rows.map((row, index) => (
    <div key={row.id} className="flex items-center gap-2">
      <Input
        aria-label={`Label ${index + 1}`}
        list={list}
        placeholder="role"
        value={row.key}
        onChange={(event) => change(row.id, { key: event.target.value })}
      />
      <span aria-hidden>:</span>
      <Input
        aria-label={`Value of label ${index + 1}`}
        placeholder="camera"
        value={row.value}
        onChange={(event) => change(row.id, { value: event.target.value })}
      />
      <IconButton
        label={`Remove label ${row.key || index + 1}`}
        onClick={() => onChange((all) => all.filter((one) => one.id !== row.id))}
      >
        <X size={18} strokeWidth={1.75} />
      </IconButton>
    </div>
  ));
}

/** JSON of a line, folded open: names and values, nested as far as it goes, within bounds. Values are text, never markup. */
import type { JsonObject } from './log-line.ts';

const DEEPEST = 6;
const MOST_FIELDS = 200;

export function JsonTree({ value, depth = 0 }: { value: JsonObject | readonly unknown[]; depth?: number }) {
  const fields = Object.entries(value);
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 border-l border-[#2b3658] pl-3">
      {fields.slice(0, MOST_FIELDS).map(([name, field]) => (
        <div key={name} className="contents">
          <dt className="text-[#8ae6ee]">{name}</dt>
          <dd className="break-all whitespace-pre-wrap text-[#eef2ff]">
            <Value value={field} depth={depth} />
          </dd>
        </div>
      ))}
      {fields.length > MOST_FIELDS ? (
        <div className="contents">
          <dt className="text-[#a9b4d0]">…</dt>
          <dd className="text-[#a9b4d0]">{fields.length - MOST_FIELDS} more fields</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth + 1 >= DEEPEST || Object.keys(value).length === 0) return JSON.stringify(value);
  return <JsonTree value={value as JsonObject} depth={depth + 1} />;
}

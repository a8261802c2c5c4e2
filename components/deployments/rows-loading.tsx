/** RowsLoading: the shape of a list while it loads, without movement. */

export function RowsLoading({ what, rows = 3 }: { what: string; rows?: number }) {
  return (
    <div role="status" className="flex flex-col gap-2">
      <span className="sr-only">Loading {what}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty rows have no identity
        <div key={index} aria-hidden className="h-20 rounded-tile border border-line bg-surface" />
      ))}
    </div>
  );
}

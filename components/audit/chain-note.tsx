import { StatusShape } from '../ui/status-shape.tsx';

/** Whether what is shown is as it was written. */
export function ChainNote({ intact }: { intact: boolean }) {
  return (
    <p className="flex items-center gap-2 text-13" role="status">
      <StatusShape health={intact ? 'running' : 'failed'} size={16} />
      {intact ? (
        <span className="text-muted">Chain intact: no line of these was changed or taken out since it was written.</span>
      ) : (
        <span>
          The chain is broken: a line was changed or taken out by somebody with access to the storage. Compare with an earlier
          export.
        </span>
      )}
    </p>
  );
}

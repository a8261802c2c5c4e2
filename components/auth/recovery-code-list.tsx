import { useId, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';

/** Ten codes for the day the phone is lost. They are shown this once. */
export function RecoveryCodeList({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const heading = useId();
  const list = useRef<HTMLUListElement>(null);
  return (
    <section aria-labelledby={heading} className="w-full rounded-ctl border border-line-strong p-4">
      <h3 id={heading} className="font-semibold">
        Your recovery codes
      </h3>
      <p className="mt-1 text-muted">
        Each is good once, in place of a code of the app. Keep them where the phone is not: they are shown only now.
      </p>
      <ul ref={list} className="my-3 grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-4 gap-y-1 font-mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join('\n')} label="Copy all" source={list} />
        <Button look="primary" onClick={onDone}>
          I have kept them
        </Button>
      </div>
    </section>
  );
}

'use client';
import { useRef } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';

export function ManifestView({ name, text }: { name: string; text: string }) {
  const source = useRef<HTMLElement>(null);
  return (
    <div className="flex flex-col items-start gap-3">
      <CopyButton text={text} label="Copy the manifest" source={source} />
      <ScrollRegion
        ref={source}
        label={`Manifest of ${name}`}
        className="w-full rounded-tile border border-line bg-surface px-4 py-3"
      >
        <pre className="font-mono text-13 leading-relaxed">{text}</pre>
      </ScrollRegion>
      <p className="text-13 text-muted">
        The same from a terminal: <code className="font-mono">npx scorewall apply -f {name}.yaml</code>
      </p>
    </div>
  );
}

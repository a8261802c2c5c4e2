'use client';
/** How a device gets a desktop on the wall. */
import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CodeBlock } from '../ui/scroll-region.tsx';

const EXAMPLE = `services:
  - name: desktop
    image: localhost/scorewall/desktop:1
    screen: { kind: vnc, port: 5900 }
`;

interface GiveScreenProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  link: ReactNode;
}

export function GiveScreen({ open, onOpenChange, link }: GiveScreenProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="How to give it a screen"
      description="A service with a VNC server says on which port it listens. The device reaches it inside; nothing is opened to the network."
    >
      <div className="flex flex-col gap-3">
        <CodeBlock label="A service with a desktop" text={EXAMPLE} />
        <div className="flex flex-wrap items-center gap-3">
          <CopyButton text={EXAMPLE} />
          <span className="text-accent underline underline-offset-2">{link}</span>
        </div>
        <p className="text-muted">
          The folder <code className="font-mono text-13">deploy/screens</code> has a ready recipe: a desktop with a browser in it.
          A program that lives in a terminal says <code className="font-mono text-13">screen: {'{ kind: terminal }'}</code>{' '}
          instead.
        </p>
      </div>
    </Dialog>
  );
}

'use client';
/** Where a link of a terminal really leads, before it is followed: its text may say something else. */
import { buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function LinkDialog({ url, onClose }: { url: URL; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Open a page of ${url.hostname}?`}
      description="A program on the device made this link. This is where it leads:"
      footer={
        <>
          <CopyButton text={url.href} label="Copy the address" />
          <a href={url.href} target="_blank" rel="noopener noreferrer" onClick={onClose} className={buttonClass('primary')}>
            Open {url.hostname}
          </a>
        </>
      }
    >
      <p className="font-mono text-15 [overflow-wrap:anywhere]">{url.href}</p>
    </Dialog>
  );
}

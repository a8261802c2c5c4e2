'use client';
/** The last lines of a terminal as plain text, a heading for each command: for reading, screen readers and copying. */
import { type RefObject, useEffect, useState } from 'react';
import { TextAnswer } from '#contracts/stream/terminal.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { outputParts } from './announcement.ts';
import type { TerminalViewer } from './viewer.ts';

const LINES = 200;

interface ReadOutputProps {
  device: string;
  viewer: RefObject<TerminalViewer | undefined>;
  onClose: () => void;
}

export function ReadOutput({ device, viewer, onClose }: ReadOutputProps) {
  const [answer, setAnswer] = useState<TextAnswer>();
  useEffect(() => {
    let gone = false;
    void viewer.current?.ask({ op: 'text', lines: LINES }).then((one) => {
      if (!gone) setAnswer(TextAnswer.parse(one));
    });
    return () => {
      gone = true;
    };
  }, [viewer]);
  const text = answer?.ok ? answer.text : '';
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      size="lg"
      title={`Output of ${device}`}
      description={`The last ${LINES} lines as plain text.`}
      footer={<CopyButton text={text} />}
    >
      {answer?.ok ? (
        <ScrollRegion label="Output" className="flex max-h-[60dvh] flex-col gap-3">
          {outputParts(text).map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that does not change while it is shown
            <div key={index}>
              {part.command === undefined ? null : <h3 className="font-mono text-15 font-semibold">{part.command}</h3>}
              <pre className="font-mono text-13 whitespace-pre-wrap [overflow-wrap:anywhere]">{part.text}</pre>
            </div>
          ))}
          {text.trim() ? null : <p className="text-muted">Nothing was written yet.</p>}
        </ScrollRegion>
      ) : null}
      {answer && !answer.ok ? <ErrorNote fact={answer.message} effect="" /> : null}
      {answer ? null : <p className="text-muted">Asking the device.</p>}
    </Dialog>
  );
}

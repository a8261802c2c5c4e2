'use client';
/** What stands between a person and the device: a lost link, keys that went nowhere, a turn that ended, a program at the clipboard. */
import { displayName } from '#contracts/device.ts';
import { Button } from '../ui/button.tsx';
import type { TerminalHandle } from './use-terminal.ts';

export function TerminalNotice({ device, terminal }: { device: string; terminal: TerminalHandle }) {
  const { view, notice, clipboardAsked, answerClipboard } = terminal;
  const problem =
    view.phase === 'lost'
      ? (view.message ?? 'No connection to the hub. What you see is old; the terminal itself goes on.')
      : view.phase === 'refused'
        ? view.message
        : undefined;
  return (
    <>
      {problem ? <Line role="status">{problem}</Line> : null}
      {view.phase === 'connecting' ? <Line role="status">{`Asking ${displayName(device)} for its terminal.`}</Line> : null}
      {view.phase === 'ended' && view.message ? <Line role="status">{view.message}</Line> : null}
      {notice ? <Line role="alert">{notice}</Line> : null}
      {clipboardAsked ? (
        <Line role="status">
          A program on {displayName(device)} wants to fill your clipboard.
          <Button data-keeps-typing="" onClick={() => answerClipboard(true)}>
            Allow it in this terminal
          </Button>
          <Button data-keeps-typing="" look="quiet" onClick={() => answerClipboard(false)}>
            No
          </Button>
        </Line>
      ) : null}
    </>
  );
}

function Line({ role, children }: { role: 'alert' | 'status'; children: React.ReactNode }) {
  return (
    <p role={role} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-raised px-3 py-2">
      {children}
    </p>
  );
}

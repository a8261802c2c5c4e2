/** A session as everybody who watches it is told. Pure. */
import type { TerminalState, TerminalTarget } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';
import type { TerminalSize } from './program.ts';

export interface SessionFacts {
  sid: string;
  target: TerminalTarget;
  startedAt: Date;
  size: TerminalSize;
  writer: string | undefined;
  asking: { uid: string; untilMs: number } | undefined;
  viewers: string[];
  startedTypingAt: string | undefined;
  title: string | undefined;
  ended: { at: Date; exitCode?: number } | undefined;
}

export function describeSession(facts: SessionFacts): TerminalState {
  const { sid, target, startedAt, size, writer, asking, viewers, startedTypingAt, title, ended } = facts;
  const named = (uid: string) => ({ uid, name: personOf(uid) });
  return {
    sid,
    target,
    startedAt: startedAt.toISOString(),
    ...size,
    ...(writer ? { writer: named(writer) } : {}),
    ...(asking ? { asking: { ...named(asking.uid), untilMs: asking.untilMs } } : {}),
    viewers,
    recording: startedTypingAt !== undefined && !ended,
    ...(startedTypingAt ? { startedTypingAt } : {}),
    ...(title ? { title } : {}),
    ...(ended ? { ended: { ...ended, at: ended.at.toISOString() } } : {}),
  };
}

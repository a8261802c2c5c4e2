/** What the bottom bar says, in words. Pure: times come in. */
import type { TerminalState } from '#contracts/stream/terminal.ts';

export interface BarSituation {
  /** As people say it: `Alice`. */
  device: string;
  state: TerminalState | undefined;
  uid: string | undefined;
  mayDrive: boolean;
  guest: boolean;
  wanting: boolean;
  ended: boolean;
}

/** The line of somebody who watches. */
export function watchingWords({ device, state, uid, mayDrive, guest, wanting, ended }: BarSituation): string {
  if (ended) return endedWords(device, state);
  const writer = state?.writer && state.writer.uid !== uid ? state.writer.name : undefined;
  if (!mayDrive) {
    const who = writer ? ` ${writer} types.` : '';
    if (guest) return `You are watching.${who}`;
    return `You are watching.${who} Your role only watches: ask an admin to make you operator.`;
  }
  if (wanting && writer) return `You asked for control. ${writer} may keep it.`;
  if (wanting) return `Taking control of ${device}.`;
  if (state?.asking && state.asking.uid !== uid && writer)
    return `You are watching. ${state.asking.name} asked ${writer} for control.`;
  return writer ? `You are watching. ${writer} types. Press t to ask for control.` : 'You are watching. Press t to type.';
}

function endedWords(device: string, state: TerminalState | undefined): string {
  const code = state?.ended?.exitCode;
  return code === undefined || code === 0
    ? `This terminal of ${device} has ended.`
    : `This terminal of ${device} has ended with exit code ${code}.`;
}

/** What the bottom bar of a screen says while somebody watches. Pure. */
import type { ScreenState } from '#contracts/stream/screen.ts';

interface Situation {
  /** As people say it: `Alice`. */
  device: string;
  state: ScreenState | undefined;
  uid: string | undefined;
  mayDrive: boolean;
  wanting: boolean;
}

export function watchingWords({ device, state, uid, mayDrive, wanting }: Situation): string {
  const driver = state?.writer && state.writer.uid !== uid ? state.writer.name : undefined;
  if (!mayDrive)
    return `You are watching.${driver ? ` ${driver} types.` : ''} Your role only watches: ask an admin to make you operator.`;
  if (wanting && driver) return `You asked for control. ${driver} may keep it.`;
  if (wanting) return `Taking control of ${device}.`;
  if (state?.asking && state.asking.uid !== uid && driver)
    return `You are watching. ${state.asking.name} asked ${driver} for control.`;
  return driver ? `You are watching. ${driver} types. Press t to ask for control.` : 'You are watching. Press t to type.';
}

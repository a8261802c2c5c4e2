'use client';
import { displayName } from '#contracts/device.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useNow } from '../live/use-wall.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { age, since } from '../ui/words.ts';

const CLOCK_MS = 10_000;

/** What a person has to know before anything else: the device is away, or its agent or engine is in trouble. */
export function DeviceNotice({ view }: { view: DeviceView }) {
  const now = useNow(CLOCK_MS);
  const name = displayName(view.name);
  const status = view.status.value;
  if (view.freshness === 'not-seen')
    return (
      <ErrorNote
        severity="warning"
        fact={`Waiting for the first hello from ${name}.`}
        effect="Carry its two files to the device and start the agent. If they are lost, make new credentials from the menu above."
      />
    );
  if (view.freshness === 'offline') {
    const sinceMs = view.connected === false ? view.connectionChangedAtMs : view.receivedAtMs;
    return (
      <ErrorNote
        severity="warning"
        fact={sinceMs ? `Offline since ${since(sinceMs, now)}, ${age(now - sinceMs)} ago.` : 'Offline.'}
        effect="Its services keep running as far as we know. What stands here is its last report. Check power, then the network cable or Wi-Fi."
      />
    );
  }
  const trouble = status?.engine.error ?? status?.agent.error;
  return trouble ? <ErrorNote fact={trouble.message} effect="" /> : null;
}

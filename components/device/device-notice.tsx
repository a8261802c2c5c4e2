'use client';
import { displayName } from '#contracts/device.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useNow } from '../live/use-wall.ts';
import { ButtonLink } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { age, since } from '../ui/words.ts';

const CLOCK_MS = 10_000;

/**
 * What a person has to know before anything else: the device is away, or its agent or engine is in trouble. `identity`: the page speaks
 * of its identity elsewhere already.
 */
export function DeviceNotice({ view, identity }: { view: DeviceView; identity: boolean }) {
  const now = useNow(CLOCK_MS);
  const name = displayName(view.name);
  const status = view.status.value;
  const { standing, standingWhy = '' } = view.device.value ?? {};
  // Who is kept out is away because of that: neither its power nor its cable is to be looked at.
  if (standing && identity) return null;
  if (standing)
    return (
      <ErrorNote
        severity={standing === 'contested' ? 'error' : 'warning'}
        fact={standing === 'contested' ? `The identity check of ${name} failed.` : `${name} is kept out.`}
        effect={`${standingWhy} ${standing === 'contested' ? 'Its services keep running, and it gets nothing new until somebody decides which one is right.' : 'Nothing is sent to it, and nothing it says is believed. Take it back under Identity.'}`}
        action={
          standing === 'contested' ? <ButtonLink href={`/d/${view.name}?tab=identity`}>Look at its identity</ButtonLink> : null
        }
      />
    );
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

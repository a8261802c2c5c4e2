'use client';
import { useMay, useMe } from '../live/use-me.ts';
import { useDevices, useNow, useServiceCount } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { request } from '../ui/requests.ts';
import { clockWithSeconds, plural } from '../ui/words.ts';
import { Rollouts } from './rollouts.tsx';

/** The middle seat: whose wall this is, the time, and what there is to see; in a low seat the name and the button stay. */
export function TitlePlate({ title: name }: { title: string }) {
  const devices = useDevices();
  const services = useServiceCount();
  const mayManage = useMay('manage');
  const grants = useMe()?.grants ?? [];
  // Who sees a part of the fleet is told which: there may be devices, only none of theirs.
  const listed = grants
    .map(({ selector }) =>
      Object.entries(selector ?? {})
        .map((pair) => pair.join('='))
        .join(', '),
    )
    .join('; ');
  const isPart = grants.length > 0 && grants.every(({ selector }) => selector !== undefined);
  return (
    <section
      aria-label={`Title: ${name}`}
      className="flex h-full min-h-fit flex-col items-center justify-center gap-1.5 overflow-hidden rounded-tile border-2 border-text p-4 text-center outline-1 -outline-offset-8 outline-line-strong"
    >
      <h1 className="max-w-full px-4 text-26 leading-tight font-bold break-words uppercase [font-size:clamp(1.25rem,2.1vw,2.125rem)] [letter-spacing:0.22em] [margin-right:-0.22em]">
        {name}
      </h1>
      <div className="[@container(max-height:9rem)]:hidden">
        <Clock />
      </div>
      <p className="text-muted [@container(max-height:11.5rem)]:hidden">
        {devices.length === 0
          ? isPart
            ? `No device yet that you may see: ${listed}.`
            : 'Your wall. No device yet.'
          : `${plural(devices.length, 'device')} · ${plural(services, 'service')}`}
      </p>
      <div className="empty:hidden [@container(max-height:13.5rem)]:hidden">
        <Rollouts />
      </div>
      {mayManage ? (
        <Button look="primary" className="mt-2.5 [@container(max-height:13.5rem)]:mt-0" onClick={() => request('add-device')}>
          Add a device
        </Button>
      ) : null}
    </section>
  );
}

function Clock() {
  return <time className="text-20 tabular-nums">{clockWithSeconds(useNow())}</time>;
}

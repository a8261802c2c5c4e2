import type { DeviceEvent } from '#contracts/event.ts';
import { classNames } from '../ui/class-names.ts';
import { clockWithSeconds, zoned } from '../ui/words.ts';

/** The newest events first. Texture for the eye on the wall: the same lines are read out on the device's page. */
export function EventLines({ events, whole = false }: { events: readonly DeviceEvent[]; whole?: boolean }) {
  if (events.length === 0) return null;
  return (
    <ol className="pointer-events-none mt-1 border-t border-line pt-1">
      {events.map((event) => (
        <li
          key={`${event.at}${event.kind}${event.message}`}
          className={classNames('flex gap-2.5 text-13 leading-[21px]', !whole && 'h-[21px]')}
        >
          <time dateTime={event.at} title={zoned(Date.parse(event.at))} className="shrink-0 font-mono text-faint">
            {clockWithSeconds(Date.parse(event.at))}
          </time>
          <span className={classNames('min-w-0 text-muted', whole ? '[overflow-wrap:anywhere]' : 'truncate')}>
            {event.message}
          </span>
        </li>
      ))}
    </ol>
  );
}

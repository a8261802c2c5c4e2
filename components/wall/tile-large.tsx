import { AwayNotice } from './away-notice.tsx';
import { EventLines } from './event-lines.tsx';
import { HostFacts } from './host-facts.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';
import { type TileContentProps, TileFoot, TileHead } from './tile-parts.tsx';

const OTHER_PX = 34 + 28 + 6 + 24;
const ROW_PX = 26;
const EVENT_PX = 21;

/** Services and events side by side with the facts of the machine. */
export function TileLarge({ view, device, hubLost, height }: TileContentProps) {
  const room = height - OTHER_PX;
  const rows = rowsOf(view.status.value, Math.floor((room * 0.55) / ROW_PX));
  const away = view.health === 'offline' || view.health === 'not-seen';
  return (
    <>
      <TileHead device={device} health={view.health} size="md" />
      <div className="pointer-events-none relative min-h-0 flex-1 overflow-hidden px-4 py-3">
        <div className={away ? 'opacity-40 grayscale [&_a]:pointer-events-none' : undefined}>
          <div className="grid grid-cols-[minmax(0,1fr)_minmax(17rem,auto)] gap-6">
            <section>
              {rows.empty && !away ? <IdleWords name={view.name} /> : <ServiceRows rows={rows} address={view.address} />}
            </section>
            {view.status.value ? <HostFacts status={view.status.value} /> : null}
          </div>
          <EventLines events={view.events.slice(0, Math.max(0, Math.floor((room * 0.4) / EVENT_PX)))} />
        </div>
        {away ? <AwayNotice view={view} /> : null}
      </div>
      {away ? null : <TileFoot view={view} hubLost={hubLost} />}
    </>
  );
}

import { EventLines } from './event-lines.tsx';
import { HostFacts } from './host-facts.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';
import type { TileContentProps } from './tile-parts.tsx';
import { EVENT_PX, ROW_PX, roomOf, type ServicesProps, TileShell } from './tile-shell.tsx';

const PADDING_PX = 24;

/** A large picture; or services and events side by side with the facts of the machine. */
export function TileLarge(props: TileContentProps) {
  return <TileShell {...props} services={Services} paddingClass="px-4 py-3" />;
}

function Services(props: ServicesProps) {
  const { view, away } = props;
  const room = roomOf(props, PADDING_PX);
  const rows = rowsOf(view.status.value, Math.floor((room * 0.55) / ROW_PX));
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(17rem,auto)] gap-6">
        <section>
          {rows.empty && !away ? <IdleWords name={view.name} /> : <ServiceRows rows={rows} address={view.address} />}
        </section>
        {view.status.value ? <HostFacts status={view.status.value} /> : null}
      </div>
      <EventLines events={view.events.slice(0, Math.max(0, Math.floor((room * 0.4) / EVENT_PX)))} />
    </>
  );
}

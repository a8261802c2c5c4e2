import { EventLines } from './event-lines.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';
import type { TileContentProps } from './tile-parts.tsx';
import { EVENT_PX, ROW_PX, roomOf, type ServicesProps, TileShell } from './tile-shell.tsx';

const PADDING_PX = 14;
const EVENTS_GAP_PX = 9;
const IDLE_ROWS = 2;

/** The picture a tile shows; or services first, and below them as many of the last events as fit whole. */
export function TileMedium(props: TileContentProps) {
  return <TileShell {...props} services={Services} paddingClass="px-3 py-[7px]" />;
}

function Services(props: ServicesProps) {
  const { view, away } = props;
  const room = roomOf(props, PADDING_PX);
  const rows = rowsOf(view.status.value, Math.max(1, Math.floor(room / ROW_PX)));
  const idle = rows.empty && !away;
  const used = (idle ? IDLE_ROWS : rows.heightInRows) * ROW_PX + EVENTS_GAP_PX;
  const eventRoom = Math.max(0, Math.floor((room - used) / EVENT_PX));
  return (
    <>
      {idle ? <IdleWords name={view.name} /> : <ServiceRows rows={rows} address={view.address} />}
      {away ? null : <EventLines events={view.events.filter(({ message }) => !rows.errors.has(message)).slice(0, eventRoom)} />}
    </>
  );
}

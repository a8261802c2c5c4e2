import { AwayNotice } from './away-notice.tsx';
import { EventLines } from './event-lines.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';
import { type TileContentProps, TileFoot, TileHead } from './tile-parts.tsx';
import { LazyTilePicture } from './tile-picture-lazy.tsx';
import { TileWords, wordsHeight } from './tile-words.tsx';

const HEAD_PX = 34;
const FOOT_PX = 28;
const FRAME_PX = 6;
const PADDING_PX = 14;
const ROW_PX = 26;
const EVENT_PX = 21;
const EVENTS_GAP_PX = 9;
const IDLE_ROWS = 2;

/** The picture a tile shows; or services first, and below them as many of the last events as fit whole. */
export function TileMedium(props: TileContentProps) {
  const { view, device, face } = props;
  const away = view.health === 'offline' || view.health === 'not-seen';
  return (
    <>
      <TileHead device={device} health={view.health} size="md" menu={props.menu} />
      {face.kind === 'services' ? (
        <Services {...props} away={away} />
      ) : (
        <LazyTilePicture view={view} face={face} frozenAtMs={props.frozenAtMs} onContinue={props.onContinue} />
      )}
      {away ? null : <TileWords view={view} />}
      {away ? null : <TileFoot {...props} />}
    </>
  );
}

function Services({ view, height, away }: TileContentProps & { away: boolean }) {
  const room = height - HEAD_PX - FOOT_PX - FRAME_PX - PADDING_PX - wordsHeight(view);
  const rows = rowsOf(view.status.value, Math.max(1, Math.floor(room / ROW_PX)));
  const idle = rows.empty && !away;
  const used = (idle ? IDLE_ROWS : rows.heightInRows) * ROW_PX + EVENTS_GAP_PX;
  const eventRoom = Math.max(0, Math.floor((room - used) / EVENT_PX));
  return (
    <div className="pointer-events-none relative min-h-0 flex-1 overflow-hidden px-3 py-[7px]">
      <div className={away ? 'opacity-40 grayscale [&_a]:pointer-events-none' : undefined}>
        {idle ? <IdleWords name={view.name} /> : <ServiceRows rows={rows} address={view.address} />}
        {away ? null : <EventLines events={view.events.filter(({ message }) => !rows.errors.has(message)).slice(0, eventRoom)} />}
      </div>
      {away ? <AwayNotice view={view} /> : null}
    </div>
  );
}

import { AwayNotice } from './away-notice.tsx';
import { EventLines } from './event-lines.tsx';
import { HostFacts } from './host-facts.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';
import { type TileContentProps, TileFoot, TileHead } from './tile-parts.tsx';
import { LazyTilePicture } from './tile-picture-lazy.tsx';
import { TileWords, wordsHeight } from './tile-words.tsx';

const OTHER_PX = 34 + 28 + 6 + 24;
const ROW_PX = 26;
const EVENT_PX = 21;

/** A large picture; or services and events side by side with the facts of the machine. */
export function TileLarge(props: TileContentProps) {
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
  const room = height - OTHER_PX - wordsHeight(view);
  const rows = rowsOf(view.status.value, Math.floor((room * 0.55) / ROW_PX));
  return (
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
  );
}

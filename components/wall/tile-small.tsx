import { countServices, HEALTH_WORDS, isAgentChanging } from '#contracts/health.ts';
import { Freshness } from './freshness.tsx';
import { AGENT_CHANGES, Dot, type TileContentProps, TileHead } from './tile-parts.tsx';

/** Status only. */
export function TileSmall({ view, device, hubLost, height, menu }: TileContentProps) {
  const { running, total } = countServices(view.status.value);
  return (
    <>
      <TileHead device={device} health={view.health} size="sm" menu={menu} />
      <div className="pointer-events-none flex min-h-0 flex-1 flex-col justify-center overflow-hidden px-3 text-13 whitespace-nowrap">
        <p className="flex gap-1.5">
          {HEALTH_WORDS[view.health]}
          {total > 0 ? (
            <span className="text-muted">
              <Dot /> {running} of {total}
            </span>
          ) : null}
        </p>
        {height >= 84 ? (
          <p className="text-muted">
            {isAgentChanging(view.status.value) && !hubLost ? AGENT_CHANGES : <Freshness view={view} hubLost={hubLost} />}
          </p>
        ) : null}
      </div>
    </>
  );
}

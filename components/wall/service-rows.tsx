import { HEALTH_WORDS } from '#contracts/health.ts';
import type { ServiceStatus } from '#contracts/status.ts';
import { classNames } from '../ui/class-names.ts';
import { portLink } from '../ui/published-port.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { imageParts, plural } from '../ui/words.ts';
import { PullProgress } from './pull-progress.tsx';
import type { ServiceRow, ServiceRowsModel } from './service-row-model.ts';

interface ServiceRowsProps {
  rows: ServiceRowsModel;
  address: string | undefined;
  /** In a zoomed tile the links are reached with Tab; on the wall Tab has one stop. */
  reachable?: boolean;
}

const LINES: Readonly<Record<number, string>> = { 1: 'line-clamp-1', 2: 'line-clamp-2', 3: 'line-clamp-3' };

export function ServiceRows({ rows, address, reachable = false }: ServiceRowsProps) {
  return (
    <>
      {rows.refusals.map(({ key, message }) => (
        <p key={key} title={message} className="pointer-events-none flex items-start gap-2 py-[3px] text-13 leading-[20px]">
          <StatusShape health="failed" size={16} className="mt-0.5" />
          <span className={LINES[rows.errorLines]}>{message}</span>
        </p>
      ))}
      <ul className="pointer-events-none">
        {rows.rows.map((row) => (
          <Row key={row.key} row={row} address={address} reachable={reachable} lines={LINES[rows.errorLines]} />
        ))}
      </ul>
      {rows.hidden > 0 ? (
        <p className="pointer-events-none pl-6 text-13 leading-[26px] text-muted">{plural(rows.hidden, 'more service')}</p>
      ) : null}
    </>
  );
}

function Row({
  row: { service, health, second },
  address,
  reachable,
  lines,
}: {
  row: ServiceRow;
  address: string | undefined;
  reachable: boolean;
  lines: string | undefined;
}) {
  const image = imageParts(service.image);
  return (
    <li>
      <div className="flex h-[26px] min-w-0 items-center gap-2">
        <StatusShape health={health} size={16} title={`${HEALTH_WORDS[health]}:`} />
        <span className="max-w-[60%] shrink-0 truncate">{service.name}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-13 text-muted" title={service.image}>
          {image.name === service.name ? image.tag : `${image.name}:${image.tag}`}
        </span>
        {note(service) ? <span className="shrink-0 text-13 text-muted">{note(service)}</span> : null}
        <Ports service={service} address={address} reachable={reachable} />
      </div>
      {second === 'pull' ? <PullProgress service={service} /> : null}
      {second === 'error' ? (
        <div className="py-[3px] pl-6 text-13 leading-[20px]">
          <p title={service.error?.message} className={lines}>
            {service.error?.message}
          </p>
        </div>
      ) : null}
    </li>
  );
}

function note({ state, restarts, health, error }: ServiceStatus): string {
  if (state === 'pulling') return error ? 'trying again' : '';
  if (state === 'waiting' || state === 'starting' || state === 'stopping' || state === 'completed') return state;
  if (health === 'unhealthy') return 'unhealthy';
  return restarts > 0 ? `started again ${restarts === 1 ? 'once' : `${restarts} times`}` : '';
}

function Ports({ service, address, reachable }: { service: ServiceStatus; address: string | undefined; reachable: boolean }) {
  return service.ports.slice(0, 3).map((text) => {
    const port = portLink(text, address);
    if (!port) return null;
    const label = `:${port.hostPort}`;
    return port.href && service.state === 'running' ? (
      <a
        key={text}
        href={port.href}
        target="_blank"
        rel="noopener noreferrer"
        tabIndex={reachable ? 0 : -1}
        title={port.href}
        aria-label={`Open port ${port.hostPort} of ${service.name}`}
        className={classNames(
          'pointer-events-auto relative z-10 shrink-0 rounded-plate px-1 font-mono text-13 text-accent underline-offset-2 hover:underline',
        )}
      >
        {label}
      </a>
    ) : (
      <span key={text} className="shrink-0 px-1 font-mono text-13 text-muted">
        {label}
      </span>
    );
  });
}

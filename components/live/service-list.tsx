'use client';
/** ServiceList: the services of one deployment on one device, with image, ports and errors in words. */
import type { ReactNode } from 'react';
import { healthOfService } from '#contracts/health.ts';
import type { DeviceDeploymentStatus, ServiceStatus } from '#contracts/status.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { portLink } from '../ui/published-port.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { serviceWords } from './service-words.ts';
import { useNow } from './use-wall.ts';

const CLOCK_MS = 1_000;

interface ServiceListProps {
  deployment: DeviceDeploymentStatus;
  /** Where the device's connection comes from: the host of ports that listen everywhere. */
  address: string | undefined;
  /** Stands at the end of each service's line. */
  aside?: ((service: ServiceStatus) => ReactNode) | undefined;
}

export function ServiceList({ deployment, address, aside }: ServiceListProps) {
  return (
    <div className="flex min-w-0 flex-col gap-2 [overflow-wrap:anywhere]">
      {deployment.error ? <ErrorNote fact={deployment.error.message} effect="" /> : null}
      <ul className="flex flex-col gap-2">
        {deployment.services.map((service) => (
          <li key={service.name}>
            <Service service={service} address={address} aside={aside?.(service)} />
          </li>
        ))}
      </ul>
      {deployment.gapMs === undefined ? null : (
        <p className="text-13 text-muted">
          The last change left a service without an answer for {(deployment.gapMs / 1000).toFixed(1)} s.
        </p>
      )}
    </div>
  );
}

interface ServiceProps {
  service: ServiceStatus;
  address: string | undefined;
  aside: ReactNode;
}

function Service({ service, address, aside }: ServiceProps) {
  const now = useNow(CLOCK_MS);
  const { pull } = service;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
        <span className="inline-flex items-center gap-2 font-semibold">
          <StatusShape health={healthOfService(service)} size={18} />
          {service.name}
        </span>
        <span>{serviceWords(service, now)}</span>
        <span className="font-mono text-13 text-muted [overflow-wrap:anywhere]">{service.image}</span>
        {service.ports.map((port) => (
          <PublishedPort key={port} text={port} address={address} />
        ))}
        {aside}
      </div>
      {service.state === 'pulling' && pull && pull.bytesTotal > 0 ? (
        <div
          role="progressbar"
          aria-label={`Download of ${service.name}`}
          aria-valuenow={Math.round((100 * pull.bytesDone) / pull.bytesTotal)}
          className="h-1.5 w-full max-w-96 overflow-hidden rounded-full bg-line"
        >
          <div
            className="h-full bg-st-updating"
            style={{ width: `${Math.min(100, (100 * pull.bytesDone) / pull.bytesTotal)}%` }}
          />
        </div>
      ) : null}
      {service.error ? <p className="text-15 text-text">{service.error.message}</p> : null}
    </div>
  );
}

function PublishedPort({ text, address }: { text: string; address: string | undefined }) {
  const link = portLink(text, address);
  if (!link?.href) return <span className="font-mono text-13 text-muted">{text}</span>;
  return (
    <a
      href={link.href}
      target="_blank"
      rel="noreferrer"
      className="font-mono text-13 text-accent underline-offset-2 hover:underline"
    >
      {link.hostPort} → {link.containerPort}
      <span className="sr-only">, opens in a new tab</span>
    </a>
  );
}

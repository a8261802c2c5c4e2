'use client';
import Link from 'next/link';
import type { DeviceUpdate, UpdateRollout } from '#contracts/api-updates.ts';
import { displayName } from '#contracts/device-words.ts';
import { UPDATE_WORDS } from '#contracts/update-words.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { since } from '../ui/words.ts';
import { byUrgency, STATE_SHAPES } from './update-words.ts';

const SHOWN = 100;

interface TravelDialogProps {
  rollout: UpdateRollout;
  onClose: () => void;
  onClosed: () => void;
}

/** How far a new agent has travelled, device by device. */
export function TravelDialog({ rollout: { version, startedAt, startedBy, devices }, onClose, onClosed }: TravelDialogProps) {
  const started = `Started by ${startedBy}, ${since(Date.parse(startedAt), useNow(60_000))}.`;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      onClosed={onClosed}
      title={`Agent ${version} on its way`}
      description={started}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <ul className="flex flex-col">
        {byUrgency(devices)
          .slice(0, SHOWN)
          .map((one) => (
            <Row key={one.device} {...one} />
          ))}
      </ul>
      {devices.length > SHOWN ? <p className="pt-2 text-muted">And {devices.length - SHOWN} more.</p> : null}
    </Dialog>
  );
}

function Row({ device, state, version, message }: DeviceUpdate) {
  return (
    <li className="flex items-start gap-3 border-b border-line py-2 last:border-0">
      <StatusShape health={STATE_SHAPES[state]} size={18} className="mt-0.5" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <Link href={`/d/${device}`} className="font-semibold hover:underline">
          {displayName(device)}
        </Link>{' '}
        {UPDATE_WORDS[state]}. {message ? <span className="text-muted">{message}</span> : null}
      </p>
      {version ? <span className="shrink-0 text-13 text-muted">{version}</span> : null}
    </li>
  );
}

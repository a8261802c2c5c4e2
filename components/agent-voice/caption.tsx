'use client';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useDevice } from '../live/use-wall.ts';

/** What the device's agent says it is doing, in its own words: text, never markup. */
export function Caption({ device }: DeviceSlotProps) {
  const caption = useDevice(device)?.status.value?.work?.caption;
  if (!caption) return null;
  return (
    <p className="truncate text-13 text-muted" title={caption.text}>
      Agent: {caption.text}
    </p>
  );
}

import type { Metadata } from 'next';
import { FleetLogs } from '#components/logs/fleet-logs.tsx';

export const metadata: Metadata = { title: 'Logs' };

export default function Page() {
  return <FleetLogs />;
}

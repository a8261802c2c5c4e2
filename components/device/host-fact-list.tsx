import type { DeviceStatus } from '#contracts/status.ts';
import { Panel } from '../ui/panel.tsx';
import { hostFacts } from './host-facts.ts';

export function HostFactList({ status, address }: { status: DeviceStatus | undefined; address: string | undefined }) {
  return (
    <Panel title="Machine">
      {status ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
          {hostFacts(status, address).map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="text-muted">Known after its first report.</p>
      )}
    </Panel>
  );
}

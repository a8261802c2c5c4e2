/** A join token as the pages show it. */
import type { JoinView } from '#contracts/api-identity.ts';
import type { Hub } from '../hub.ts';
import type { JoinRecord } from './records.ts';

export function toJoinView(hub: Hub, record: JoinRecord): JoinView {
  const { tid, name, message, words, device, createdAt, createdBy, expiresAt } = record;
  return {
    tid,
    ...(name ? { name } : {}),
    stage: stageOf(hub, record),
    ...(message ? { message } : {}),
    ...(words ? { words } : {}),
    ...(device ? { device } : {}),
    approval: record.approval !== 'not-needed',
    createdAt,
    createdBy,
    expiresAt,
  };
}

/** The last step needs no message of the device: its report is there. */
function stageOf({ fleet }: Hub, { stage, device, createdAt }: JoinRecord): JoinRecord['stage'] {
  if (stage !== 'connecting' || !device) return stage;
  const report = fleet.statuses.entries.get(device);
  return report && report.storedAt.getTime() >= Date.parse(createdAt) ? 'ready' : stage;
}

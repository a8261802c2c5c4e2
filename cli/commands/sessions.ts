/** `scorewall sessions DEVICE`: the terminals that are open there. */
import { displayName } from '#contracts/device.ts';
import { TermAnswer, type TerminalTarget } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Context } from '../context.ts';
import { askDevice } from '../live/ask-device.ts';
import { HubLink } from '../live/hub-link.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';
import { readTarget } from '../target.ts';
import { requireLink, requireRight } from '../terminal/open-terminal.ts';

export async function sessions(context: Context, text: string, asJson: boolean): Promise<void> {
  const { device } = readTarget(text);
  await requireRight(context.hub, 'watch');
  await context.hub.device(device);
  const link = await HubLink.open(context.hub, context.findHub);
  try {
    const current = requireLink(link);
    const subject = subjects.rpc(device, 'term', current.uid);
    const { sessions: all } = await askDevice(current, { device, subject, body: { op: 'list' }, answer: TermAnswer });
    const { terminal } = context;
    if (asJson) return terminal.out(JSON.stringify({ items: all }, null, 2));
    if (all.length === 0)
      return terminal.out(`No terminal is open on ${displayName(device)}. Open one with: npx scorewall shell ${device}`);
    const now = Date.now();
    terminal.out(
      toTable(
        ['SESSION', 'WHERE', 'AGE', 'TYPES', 'WATCH', 'SIZE', 'STATE'],
        all.map((one) => [
          one.sid,
          targetWords(one.target),
          ageOf(one.startedAt, now),
          one.writer?.name ?? '-',
          one.viewers.join(',') || '-',
          `${one.cols}x${one.rows}`,
          one.ended ? 'ended' : one.recording ? 'recorded' : 'open',
        ]),
      ),
    );
  } finally {
    await link.close();
  }
}

export function targetWords(target: TerminalTarget | { kind: 'screen'; deployment: string; service: string }): string {
  if (target.kind === 'host') return 'the device itself';
  const place = `${target.deployment}/${target.service}`;
  return target.kind === 'screen' ? `screen of ${place}` : target.kind === 'attach' ? `terminal of ${place}` : place;
}

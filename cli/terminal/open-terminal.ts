/** Opens a terminal session on a device, after looking whether this person may. */
import type { Right } from '#contracts/access.ts';
import { ExecAnswer, type TerminalTarget } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Hub } from '../hub/client.ts';
import { askDevice } from '../live/ask-device.ts';
import type { HubLink, Link } from '../live/hub-link.ts';

const RIGHT_WORDS: Partial<Record<Right, string>> = {
  logs: 'read logs',
  watch: 'watch terminals',
  drive: 'type on devices',
};

export async function requireRight(hub: Hub, right: Right): Promise<void> {
  const { rights, user, role } = await hub.session();
  if (rights.includes(right)) return;
  throw new CliError(
    EXIT.denied,
    `${user} (${role}) may not ${RIGHT_WORDS[right] ?? right}.`,
    'Nothing was done. The owner or an admin can give you another role on the page People.',
  );
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

export async function openTerminal(link: HubLink, device: string, target: TerminalTarget, size: TerminalSize): Promise<string> {
  const { uid } = requireLink(link);
  const subject = subjects.rpc(device, 'exec', uid);
  const { sid } = await askDevice(requireLink(link), {
    device,
    subject,
    body: { op: 'open', target, ...size },
    answer: ExecAnswer,
  });
  return sid;
}

export function requireLink(link: HubLink): Link {
  if (link.current) return link.current;
  throw new CliError(
    EXIT.unreachable,
    'The live connection to the hub was lost.',
    'Devices keep running. Try again in a moment.',
  );
}

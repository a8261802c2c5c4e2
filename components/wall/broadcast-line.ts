/** Sends one line to the shells of several devices, each in a session of its own that this tab opened and uses again. */
import { ExecAnswer, type ExecRequest } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import { askDevice, drivingLink, type LiveLink, OPEN_TIMEOUT_MS } from '../live/live-link.ts';
import { read, write } from './kept-here.ts';

export type Delivery = { state: 'sending' } | { state: 'sent' } | { state: 'failed'; why: string };

const SIZE = { cols: 100, rows: 30 } as const;
const KEY = 'scorewall.broadcast';
/** What the Enter key of a terminal sends. */
const ENTER = '\r';
const NOT_PROVEN = 'Nothing was sent: to type on devices, show once more that it is you.';
const NO_LINK = 'There is no connection to the hub. Nothing was sent.';

export async function sendLine(given: LiveLink | undefined, device: string, line: string): Promise<Delivery> {
  if (!given) return { state: 'failed', why: NO_LINK };
  const link = await drivingLink(given);
  if (!link) return { state: 'failed', why: NOT_PROVEN };
  const session = await holdSession(link, device);
  if ('why' in session) return { state: 'failed', why: session.why };
  try {
    const { connection, uid } = link;
    connection.publish(subjects.term.in(device, session.sid, uid), new TextEncoder().encode(line + ENTER));
    await connection.flush();
    return { state: 'sent' };
  } catch {
    return { state: 'failed', why: NO_LINK };
  }
}

/** Others may type there again; what runs in it goes on. */
export async function releaseSession(link: LiveLink | undefined, device: string): Promise<void> {
  const sid = keptSessions()[device];
  if (sid) await ask(link, device, { op: 'control', sid, action: 'release' });
}

async function holdSession(link: LiveLink, device: string): Promise<{ sid: string } | { why: string }> {
  const kept = keptSessions()[device];
  if (kept) {
    const held = await ask(link, device, { op: 'control', sid: kept, action: 'take' });
    if (held.ok && !held.state?.ended && held.state?.writer?.uid === link.uid) return { sid: kept };
    // Somebody else types there now, or it has ended: a line must never go into what another person is doing.
    keep(device, undefined);
  }
  const opened = await ask(link, device, { op: 'open', target: { kind: 'host' }, ...SIZE });
  if (!opened.ok) return { why: opened.message };
  const held = await ask(link, device, { op: 'control', sid: opened.sid, action: 'take' });
  if (!held.ok) return { why: held.message };
  keep(device, opened.sid);
  return { sid: opened.sid };
}

async function ask(link: LiveLink | undefined, device: string, body: ExecRequest): Promise<ExecAnswer> {
  const answer = ExecAnswer.safeParse(
    await askDevice(link, device, 'exec', body, body.op === 'open' ? OPEN_TIMEOUT_MS : undefined),
  );
  return (
    answer.data ?? {
      ok: false,
      code: 'internal',
      message: 'This device gave an answer this page does not understand. Nothing was sent. Reload the page.',
    }
  );
}

function keptSessions(): Record<string, string> {
  const kept = read(KEY, sessionStorage);
  return kept && typeof kept === 'object' ? (kept as Record<string, string>) : {};
}

const keep = (device: string, sid: string | undefined): void => {
  const { [device]: _, ...others } = keptSessions();
  write(KEY, sid ? { ...others, [device]: sid } : others, sessionStorage);
};

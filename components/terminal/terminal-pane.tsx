'use client';
/** The terminals of a device: its sessions as tabs, new ones on request, and the chosen one on the screen. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { ExecAnswer, TermAnswer, type TerminalState, type TerminalTarget } from '#contracts/stream/terminal.ts';
import { askDevice, OPEN_TIMEOUT_MS } from '../live/live-link.ts';
import type { PaneProps } from '../live/panes.tsx';
import { useMay } from '../live/use-me.ts';
import { useDevice, useLink, useLive } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Menu } from '../ui/menu.tsx';
import { firstSession, namedSessions, runningServices, type ServiceName } from './names.ts';
import { SessionTabs } from './session-tabs.tsx';
import { SessionView } from './session-view.tsx';
import { useSessionNews } from './use-session-news.ts';
import { useWatchKeys } from './use-watch-keys.ts';

const ASK_AGAIN_MS = 5_000;
const FIRST_SIZE = { cols: 120, rows: 32 };

export function TerminalPane({ device, deployment, service, onTyping }: PaneProps) {
  const link = useLink();
  const mayDrive = useMay('drive');
  const view = useDevice(device);
  const { store } = useLive();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [opening, setOpening] = useState(false);
  const [typeInto, setTypeInto] = useState<string>();
  const pane = useRef<HTMLElement>(null);

  const key = ['terminals', device, link?.epoch];
  const { data: answer } = useQuery({
    queryKey: key,
    enabled: link !== undefined,
    refetchInterval: ASK_AGAIN_MS,
    placeholderData: (before) => before,
    queryFn: async () => TermAnswer.parse(await askDevice(link, device, 'term', { op: 'list' })),
  });
  const sessions = answer?.ok ? answer.sessions : [];
  const current = firstSession(sessions, chosen, { ...(deployment ? { deployment } : {}), ...(service ? { service } : {}) });

  // Ahead of the next asking: who looks at a device sees at once what changes there, in the tabs as well.
  const epoch = link?.epoch;
  const learn = useCallback(
    (state: TerminalState) => {
      const queryKey = ['terminals', device, epoch];
      void queries.cancelQueries({ queryKey });
      queries.setQueryData<TermAnswer>(queryKey, (before) =>
        before?.ok ? { ...before, sessions: [...before.sessions.filter(({ sid }) => sid !== state.sid), state] } : before,
      );
    },
    [queries, device, epoch],
  );
  useSessionNews(device, link, learn);

  async function open(target: TerminalTarget) {
    setOpening(true);
    const request = { op: 'open', target, ...FIRST_SIZE };
    const opened = ExecAnswer.safeParse(await askDevice(link, device, 'exec', request, OPEN_TIMEOUT_MS)).data;
    setOpening(false);
    if (!opened?.ok) {
      setProblem(opened?.message ?? 'The device gave an answer this page does not understand. Reload the page.');
      return;
    }
    setProblem(undefined);
    setChosen(opened.sid);
    setTypeInto(opened.sid);
    const { state } = opened;
    if (state) queries.setQueryData(key, { ok: true, sessions: [...sessions.filter(({ sid }) => sid !== state.sid), state] });
    void queries.invalidateQueries({ queryKey: key });
  }

  const services = runningServices(view?.status.value, (name) => store.deployment(name)?.deployment);
  const asked = services.find((one) => one.deployment === deployment && one.service === service);
  const wanted: TerminalTarget =
    deployment && service ? { kind: asked?.ownTerminal ? 'attach' : 'exec', deployment, service } : { kind: 'host' };
  useWatchKeys(device, pane, {
    ready: Boolean(answer?.ok) && !current && mayDrive && !opening,
    soon: answer === undefined && !current,
    wanting: opening,
    take: () => void open(wanted),
  });

  return (
    <section ref={pane} aria-label={`Terminals of ${displayName(device)}`} className="flex h-full min-h-0 flex-col">
      <SessionTabs
        device={device}
        sessions={namedSessions(sessions)}
        current={current?.sid}
        onChoose={setChosen}
        aside={
          mayDrive ? (
            <Menu
              align="end"
              trigger={
                <Button look="quiet" busy={opening && 'Opening'}>
                  <Plus size={20} strokeWidth={1.75} aria-hidden /> New shell
                </Button>
              }
              items={[
                { label: 'On the device itself', onSelect: () => open({ kind: 'host' }) },
                ...services.flatMap((one) => [
                  { label: `In ${one.service}`, hint: one.deployment, onSelect: () => open({ kind: 'exec', ...nameOf(one) }) },
                  ...(one.ownTerminal
                    ? [
                        {
                          label: `${one.service} itself`,
                          hint: one.deployment,
                          onSelect: () => open({ kind: 'attach', ...nameOf(one) }),
                        },
                      ]
                    : []),
                ]),
              ]}
            />
          ) : null
        }
      />
      {problem ? <ErrorNote fact={problem} effect="" className="m-3" /> : null}
      {answer && !answer.ok && !current ? <ErrorNote fact={answer.message} effect="" className="m-3" /> : null}
      {current ? (
        <SessionView
          key={current.sid}
          device={device}
          sid={current.sid}
          typeAtOnce={typeInto === current.sid}
          onTyping={(typing) => {
            // Where it ends under somebody's hands, its end is what they see.
            if (typing) setChosen(current.sid);
            onTyping?.(typing);
          }}
          onState={learn}
          onNewShell={mayDrive ? () => open(current.target) : undefined}
        />
      ) : (
        <div className="flex min-h-60 flex-1 flex-col items-center justify-center gap-4 bg-term p-6 text-center text-[#eef2ff]">
          <p>
            Terminal of {displayName(device)}.{' '}
            {mayDrive ? (
              <>
                You are watching.<span className="touch:hidden"> Press t to type.</span>
              </>
            ) : (
              'Nobody has opened one yet, and your role only watches.'
            )}
          </p>
          {mayDrive && answer?.ok ? (
            <Button
              className="border-[#64719a]! text-[#eef2ff]! hover:bg-[#1b2440]!"
              onClick={() => open(wanted)}
              busy={opening && 'Opening'}
            >
              {service ? `Open a shell in ${service}` : 'Open a shell'}
            </Button>
          ) : null}
        </div>
      )}
    </section>
  );
}

const nameOf = ({ deployment, service }: ServiceName) => ({ deployment, service });

'use client';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { AskPlate } from '#components/agent-voice/ask-plate.tsx';
import { Caption } from '#components/agent-voice/caption.tsx';
import { Glances } from '#components/agent-voice/glances.tsx';
import { Steps } from '#components/agent-voice/steps.tsx';
import { Renewals } from '#components/identity/renewals.tsx';
import { Later } from '#components/live/later.tsx';
import { type Panes, PanesContext } from '#components/live/panes.tsx';

/** Keys that are pressed before a pane is there wait for it. */
const Coming = () => <p data-pane-comes="" />;

const loadUpdateStrip = () => import('#components/updates/update-strip.tsx').then((module) => module.UpdateStrip);
const loadAgentPanel = () => import('#components/updates/agent-panel.tsx').then((module) => module.AgentPanel);

const PANES: Panes = {
  terminal: dynamic(() => import('#components/terminal/terminal-pane.tsx').then((module) => module.TerminalPane), {
    ssr: false,
    loading: Coming,
  }),
  logs: dynamic(() => import('#components/logs/logs-pane.tsx').then((module) => module.LogsPane), { ssr: false }),
  deploymentLogs: dynamic(() => import('#components/logs/deployment-logs.tsx').then((module) => module.DeploymentLogs), {
    ssr: false,
  }),
  identity: dynamic(() => import('#components/identity/identity-pane.tsx').then((module) => module.IdentityPane), { ssr: false }),
  caption: Caption,
  ask: AskPlate,
  steps: Steps,
  glances: Glances,
  renewals: Renewals,
  updates: () => <Later load={loadUpdateStrip} props={{}} />,
  agent: (props) => <Later load={loadAgentPanel} props={props} />,
  screen: dynamic(() => import('#components/screen/screen-pane.tsx').then((module) => module.ScreenPane), {
    ssr: false,
    loading: Coming,
  }),
};

export function PanesProvider({ children }: { children: ReactNode }) {
  return <PanesContext value={PANES}>{children}</PanesContext>;
}

/** Everything the agent can do to the engine. A plan is a list of these, and each has exactly one executor. */
import type { ServiceKey } from './actual.ts';
import type { DesiredService } from './desired.ts';

interface OnContainer {
  key: ServiceKey;
  id: string;
}

export interface ActionTable {
  pull: { image: string; keys: readonly ServiceKey[] };
  create: { key: ServiceKey; service: DesiredService; name: string; pulled: boolean; previousImage: string | undefined };
  /** `fallback`: the new version does not start, so the one before runs again. */
  start: OnContainer & { reason: 'wanted' | 'fallback' };
  /** `brake`: it stops by itself again and again; the agent starts it later. */
  stop: OnContainer & { reason: 'unwanted' | 'replaced' | 'brake' | 'half-stopped'; timeoutSeconds: number };
  remove: OnContainer & { reason: 'unwanted' | 'replaced' | 'broken' };
  rename: OnContainer & { name: string };
  'remove-image': { key: ServiceKey; image: string };
}

export type ActionKind = keyof ActionTable;
export type ActionOf<Kind extends ActionKind> = { kind: Kind } & ActionTable[Kind];
export type Action = { [Kind in ActionKind]: ActionOf<Kind> }[ActionKind];

/** Two actions of one lane never run at the same time. */
export function laneOf(action: Action): string {
  switch (action.kind) {
    case 'pull':
    case 'remove-image':
      return `image ${action.image}`;
    case 'create':
      return `create ${action.key}`;
    default:
      return `container ${action.id}`;
  }
}

/** A sentence, for the log and for the tests of the plan. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'pull':
      return `pull ${action.image}`;
    case 'create':
      return `create ${action.key}`;
    case 'start':
      return action.reason === 'fallback' ? `start ${action.key} as it was before` : `start ${action.key}`;
    case 'stop':
    case 'remove':
      return `${action.kind} ${action.key} (${action.reason})`;
    case 'rename':
      return `rename ${action.key} to ${action.name}`;
    case 'remove-image':
      return `remove image ${action.image}`;
  }
}

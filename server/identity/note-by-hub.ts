/** Leaves a line in the record about what the hub did by itself. */
import { note } from '../audit/audited.ts';
import { type Hub, NOBODY } from '../hub.ts';

export const noteByHub = (hub: Hub, action: string, target: string, result: string): Promise<void> =>
  note({ hub, actor: { ...NOBODY, user: 'hub' } }, action, target, result);

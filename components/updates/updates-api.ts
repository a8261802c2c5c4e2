/** The part of the REST API about new agents: `await updatesApi.start(['alice'])`. As live/api-client.ts. */
import * as z from 'zod';
import { type UpdateDecision, type UpdateRequest, Updates } from '#contracts/api-updates.ts';
import { request } from '../live/api-client.ts';

const Nothing = z.unknown();

export const updatesApi = {
  updates: (signal?: AbortSignal) => request(Updates, '/updates', { signal }),
  start: (json: UpdateRequest) => request(Nothing, '/updates', { method: 'POST', json }),
  decide: (decision: UpdateDecision['decision']) => request(Nothing, '/updates/decide', { method: 'POST', json: { decision } }),
  startOn: (device: string) => request(Nothing, `/devices/${encodeURIComponent(device)}/update`, { method: 'POST', json: {} }),
};

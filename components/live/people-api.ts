/** The part of the REST API about people, guests and TVs: `await peopleApi.invite({ name: 'sam', role: 'viewer' })`. As api-client.ts. */
import * as z from 'zod';
import { Session } from '#contracts/api.ts';
import {
  type ApproveTvRequest,
  type ChangePersonRequest,
  Invite,
  type InviteRequest,
  Person,
  PersonList,
  Tv,
  TvList,
} from '#contracts/api-people.ts';
import { request } from './api-client.ts';

const at = (name: string) => encodeURIComponent(name);
const Nothing = z.unknown();

export const peopleApi = {
  join: (token: string, password: string) => request(Session, '/join', { method: 'POST', json: { token, password } }),
  enterAsGuest: (token: string) => request(Session, '/guest', { method: 'POST', json: { token } }),

  people: (signal?: AbortSignal) => request(PersonList, '/people', { signal }),
  invite: (json: z.input<typeof InviteRequest>) => request(Invite, '/invites', { method: 'POST', json }),
  withdrawInvite: (name: string) => request(Nothing, `/invites/${at(name)}`, { method: 'DELETE', json: {} }),
  changePerson: (name: string, json: z.input<typeof ChangePersonRequest>) =>
    request(Person, `/people/${at(name)}`, { method: 'PATCH', json }),
  removePerson: (name: string) => request(Nothing, `/people/${at(name)}`, { method: 'DELETE', json: {} }),

  tvs: (signal?: AbortSignal) => request(TvList, '/tvs', { signal }),
  approveTv: (code: string, json: z.input<typeof ApproveTvRequest>) =>
    request(Nothing, `/tv-pairings/${at(code)}/approve`, { method: 'POST', json }),
  changeTv: (id: string, wall: string) => request(Tv, `/tvs/${at(id)}`, { method: 'PATCH', json: { wall } }),
  removeTv: (id: string) => request(Nothing, `/tvs/${at(id)}`, { method: 'DELETE', json: {} }),
};

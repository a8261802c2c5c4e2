/** Routes of people: invites, joining, roles, removal; and links for guests. */
import { createRoute, type z } from '@hono/zod-openapi';
import { Session } from '#contracts/api.ts';
import {
  ChangePersonRequest,
  GuestLink,
  GuestLinkRequest,
  GuestRequest,
  Invite,
  InviteRequest,
  JoinRequest,
  Person,
  PersonList,
} from '#contracts/api-people.ts';
import { changePerson } from '../../people/change-person.ts';
import { createGuestLink } from '../../people/create-guest-link.ts';
import { createInvite } from '../../people/create-invite.ts';
import { enterAsGuest } from '../../people/enter-as-guest.ts';
import { join } from '../../people/join.ts';
import { listPeople } from '../../people/list-people.ts';
import { removePerson } from '../../people/remove-person.ts';
import { withdrawInvite } from '../../people/withdraw-invite.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { writeSessionCookie } from '../cookie.ts';
import { admit, readDoor } from '../door.ts';
import { type Api, contextOf } from '../environment.ts';
import { ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['people'];
const params = NamePath;
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: json(schema) } });

const getPeople = createRoute({
  method: 'get',
  path: '/people',
  tags,
  summary: 'Everybody who is here or invited',
  responses: answers(PersonList, 'The people.'),
});
const postInvite = createRoute({
  method: 'post',
  path: '/invites',
  tags,
  summary: 'Invite somebody by a one-time link; only the owner invites admins',
  request: body(InviteRequest),
  responses: {
    201: { description: 'The invite, with its link. The link is shown once.', content: json(Invite) },
    default: problem,
  },
});
const deleteInvite = createRoute({
  method: 'delete',
  path: '/invites/{name}',
  tags,
  summary: 'Take an invite back',
  request: { params },
  responses: { 204: { description: 'The link no longer works.' }, default: problem },
});
const postJoin = createRoute({
  method: 'post',
  path: '/join',
  tags,
  summary: 'Become a person here, with the link of an invite',
  security: [],
  request: body(JoinRequest),
  responses: answers(Session, 'Signed in; the session is in the cookie.'),
});
const patchPerson = createRoute({
  method: 'patch',
  path: '/people/{name}',
  tags,
  summary: 'Give a person another role, at once',
  request: { params, ...body(ChangePersonRequest) },
  responses: answers(Person, 'The person.'),
});
const deletePerson = createRoute({
  method: 'delete',
  path: '/people/{name}',
  tags,
  summary: 'Remove a person; they are signed out everywhere',
  request: { params },
  responses: { 204: { description: 'They are gone.' }, default: problem },
});
const postGuestLink = createRoute({
  method: 'post',
  path: '/guest-links',
  tags,
  summary: 'Make a link that watches one terminal until it ends',
  request: body(GuestLinkRequest),
  responses: { 201: { description: 'The link. It is shown once.', content: json(GuestLink) }, default: problem },
});
const postGuest = createRoute({
  method: 'post',
  path: '/guest',
  tags,
  summary: 'Come in as a guest, with a link to one terminal',
  security: [],
  request: body(GuestRequest),
  responses: answers(Session, 'Signed in; the session is in the cookie. Who was signed in before stays who they are.'),
});

export function peopleRoutes(api: Api): void {
  api.openapi(getPeople, async (c) => c.json(await listPeople({ ctx: contextOf(c) }), 200));
  api.openapi(postInvite, async (c) =>
    c.json(await createInvite({ ctx: contextOf(c), input: { ...c.req.valid('json'), baseUrl: ownOrigin(c) } }), 201),
  );
  api.openapi(deleteInvite, async (c) => {
    await withdrawInvite({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
  api.openapi(postJoin, async (c) => {
    const at = { source: sourceAddress(c), door: readDoor(c), origin: ownOrigin(c) };
    const opened = await join({ ctx: contextOf(c), input: { ...c.req.valid('json'), ...at } });
    await admit(c, opened);
    return c.json(opened.session, 200);
  });
  api.openapi(patchPerson, async (c) =>
    c.json(await changePerson({ ctx: contextOf(c), input: { ...c.req.valid('param'), ...c.req.valid('json') } }), 200),
  );
  api.openapi(deletePerson, async (c) => {
    await removePerson({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
  api.openapi(postGuestLink, async (c) =>
    c.json(await createGuestLink({ ctx: contextOf(c), input: { ...c.req.valid('json'), baseUrl: ownOrigin(c) } }), 201),
  );
  api.openapi(postGuest, async (c) => {
    const input = { ...c.req.valid('json'), source: sourceAddress(c) };
    const { session, secret } = await enterAsGuest({ ctx: contextOf(c), input });
    if (secret !== undefined) writeSessionCookie(c, secret, session.expiresAt);
    return c.json(session, 200);
  });
}

/** Routes of identity: joining, the chain of a device, keeping out; and what devices ask without a session. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  ClearRequest,
  DeviceIdentity,
  ExchangeAnswer,
  ExchangeRequest,
  JoinStageReport,
  JoinTokenRequest,
  JoinView,
  KeepOutResult,
  LedgerProof,
  NewJoin,
  RotateAllResult,
} from '#contracts/api-identity.ts';
import { ProblemError } from '#contracts/problem.ts';
import { EnrolAnswer, EnrolRequest, UpAnswer } from '#roadchain/messages.ts';
import { sourceOf } from '../../auth/login-throttle.ts';
import { ask } from '../../identity/ask.ts';
import { rotateAll, rotateDevice } from '../../identity/ask-rotation.ts';
import { describeIdentity } from '../../identity/describe-identity.ts';
import { enrol } from '../../identity/enrol.ts';
import { exchangeToken } from '../../identity/exchange-token.ts';
import { approveJoin, createJoinToken, listJoins, reportStage, withdrawJoin } from '../../identity/join-tokens.ts';
import { clearContest, keepOut } from '../../identity/judge.ts';
import { proveLedger } from '../../identity/prove-ledger.ts';
import { takeBack } from '../../identity/take-back.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { type Api, contextOf } from '../environment.ts';
import { ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['identity'];
const params = NamePath;
const TidPath = z.object({ tid: z.string() });
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: json(schema) } });
const done = (description: string) => ({ 204: { description }, default: problem });
const made = (description: string) => ({ 201: { description, content: json(NewJoin) }, default: problem });

const postEnrol = createRoute({
  method: 'post',
  path: '/rc/enrol',
  tags,
  summary: 'A device joins, with a join token',
  security: [],
  request: body(EnrolRequest),
  responses: answers(EnrolAnswer, 'It is in, or waits for somebody, or has to make another first link.'),
});
const postContinue = createRoute({
  method: 'post',
  path: '/rc/continue',
  tags,
  summary: 'A device proves who it is, without credentials or with ended ones',
  security: [],
  request: body(z.looseObject({ dev: z.string() }).describe('The name of the device beside one request of its protocol.')),
  responses: answers(UpAnswer, 'The answer of the protocol.'),
});
const postStage = createRoute({
  method: 'post',
  path: '/rc/stage',
  tags,
  summary: 'The installer on a device says how far it is; for show only',
  security: [],
  request: body(JoinStageReport),
  responses: done('It is shown.'),
});
const postExchange = createRoute({
  method: 'post',
  path: '/rc/exchange',
  tags,
  summary: 'A device gets credentials for a token of the provider that vouches for it',
  security: [],
  request: body(ExchangeRequest),
  responses: answers(ExchangeAnswer, 'Credentials on NATS.'),
});
const getJoins = createRoute({
  method: 'get',
  path: '/join-tokens',
  tags,
  summary: 'The join tokens, newest first',
  responses: answers(z.object({ items: z.array(JoinView) }), 'The tokens, without their secrets.'),
});
const postJoinToken = createRoute({
  method: 'post',
  path: '/join-tokens',
  tags,
  summary: 'Make the line by which one device joins',
  request: body(JoinTokenRequest.omit({ readmit: true })),
  responses: made('The line. It is shown once.'),
});
const deleteJoin = createRoute({
  method: 'delete',
  path: '/join-tokens/{tid}',
  tags,
  summary: 'Withdraw a join token',
  request: { params: TidPath },
  responses: done('It is good for nothing any more.'),
});
const postApprove = createRoute({
  method: 'post',
  path: '/join-tokens/{tid}/approve',
  tags,
  summary: 'Let the device in that waits with this token: its match words are the same',
  request: { params: TidPath },
  responses: answers(JoinView, 'It comes in with its next question.'),
});
const getIdentity = createRoute({
  method: 'get',
  path: '/devices/{name}/identity',
  tags,
  summary: 'How a device proves who it is, with its chain',
  request: { params },
  responses: answers(DeviceIdentity, 'The identity.'),
});
const postRotate = createRoute({
  method: 'post',
  path: '/devices/{name}/rotate',
  tags,
  summary: 'Ask a device for its next key',
  request: { params },
  responses: answers(RotateAllResult, 'It is asked; a device that is off is asked when it is back.'),
});
const postRotateAll = createRoute({
  method: 'post',
  path: '/identity/rotate',
  tags,
  summary: 'Ask every device for its next key',
  responses: answers(RotateAllResult, 'They are asked.'),
});
const postKeepOut = createRoute({
  method: 'post',
  path: '/devices/{name}/keep-out',
  tags,
  summary: 'Keep a device out of the fleet; what runs on it keeps running',
  request: { params },
  responses: answers(KeepOutResult, 'What was cut, and how long it took.'),
});
const postTakeBack = createRoute({
  method: 'post',
  path: '/devices/{name}/take-back',
  tags,
  summary: 'Make the line by which a device that was kept out comes back',
  request: { params },
  responses: made('The line. It is shown once.'),
});
const postClear = createRoute({
  method: 'post',
  path: '/devices/{name}/clear',
  tags,
  summary: 'Say which device is the right one: the one that runs, or one of several that are connected',
  request: { params, ...body(ClearRequest) },
  responses: done('It is trusted again, of several once it has its next key; its older keys are known lost.'),
});

const getLedger = createRoute({
  method: 'get',
  path: '/ledger',
  tags,
  summary: 'What proves the entries of a device, and that the ledger only grew',
  request: {
    query: z.object({
      from: z.coerce.number().int().nonnegative().optional().describe('Size of the checkpoint you saw last.'),
      device: z.string().optional(),
    }),
  },
  responses: answers(LedgerProof, 'The proofs.'),
});

export function identityRoutes(api: Api): void {
  api.openapi(postEnrol, async (c) => {
    const input = { request: c.req.valid('json'), source: sourceAddress(c) };
    return c.json(await enrol({ ctx: contextOf(c), input }), 200);
  });
  api.openapi(postContinue, async (c) => {
    const { hub } = contextOf(c);
    if (!hub.identity.askLimit.take(sourceOf(sourceAddress(c)))) throw tooMuch();
    const { dev, ...request } = c.req.valid('json');
    return c.json(await ask(hub, dev, request), 200);
  });
  api.openapi(postStage, async (c) => {
    const { hub } = contextOf(c);
    if (!hub.identity.askLimit.take(sourceOf(sourceAddress(c)))) throw tooMuch();
    await reportStage({ ctx: contextOf(c), input: c.req.valid('json') });
    return c.body(null, 204);
  });
  api.openapi(postExchange, async (c) => {
    const input = { request: c.req.valid('json'), source: sourceAddress(c) };
    return c.json(await exchangeToken({ ctx: contextOf(c), input }), 200);
  });
  api.openapi(getJoins, async (c) => c.json({ items: await listJoins({ ctx: contextOf(c) }) }, 200));
  api.openapi(postJoinToken, async (c) => {
    const input = { ...c.req.valid('json'), url: ownOrigin(c) };
    return c.json(await createJoinToken({ ctx: contextOf(c), input }), 201);
  });
  api.openapi(deleteJoin, async (c) => {
    await withdrawJoin({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
  api.openapi(postApprove, async (c) => c.json(await approveJoin({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(getIdentity, async (c) => c.json(await describeIdentity({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(postRotate, async (c) => c.json(await rotateDevice({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(postRotateAll, async (c) => c.json(await rotateAll({ ctx: contextOf(c), input: undefined }), 200));
  api.openapi(postKeepOut, async (c) => c.json(await keepOut({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(postTakeBack, async (c) => {
    const input = { ...c.req.valid('param'), url: ownOrigin(c) };
    return c.json(await takeBack({ ctx: contextOf(c), input }), 201);
  });
  api.openapi(getLedger, async (c) => {
    const { from = 0, device } = c.req.valid('query');
    return c.json(await proveLedger({ ctx: contextOf(c), input: { from, device } }), 200);
  });
  api.openapi(postClear, async (c) => {
    await clearContest({ ctx: contextOf(c), input: { ...c.req.valid('param'), ...c.req.valid('json') } });
    return c.body(null, 204);
  });
}

const tooMuch = () =>
  new ProblemError(
    'too-many-attempts',
    'There are too many questions from this address.',
    'Nothing has changed. The device asks again shortly.',
  );

/** Routes of your own ways in: passkeys, codes from an app, the password. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  AddPasskeyRequest,
  ChangePasswordRequest,
  ConfirmTotpRequest,
  Passkey,
  PasskeyOptions,
  RecoveryCodes,
  TotpKey,
  You,
} from '#contracts/api-auth.ts';
import { changePassword } from '../../auth/change-password.ts';
import { wallName } from '../../auth/describe-session.ts';
import { describeYou } from '../../auth/describe-you.ts';
import { addPasskey } from '../../auth/passkeys/add-passkey.ts';
import { assertionOptions, registrationOptions } from '../../auth/passkeys/passkeys.ts';
import { removePasskey } from '../../auth/passkeys/remove-passkey.ts';
import { confirmTotp } from '../../auth/totp/confirm-totp.ts';
import { removeTotp, resetTotpOf } from '../../auth/totp/remove-totp.ts';
import { renewRecoveryCodes } from '../../auth/totp/renew-recovery-codes.ts';
import { startTotp } from '../../auth/totp/start-totp.ts';
import { checkFresh, ownAccount, yourself } from '../../auth/yourself.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { writeSessionCookie } from '../cookie.ts';
import { type Api, contextOf, identityOf } from '../environment.ts';
import { ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['you'];
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: json(schema) } });
const done = (description: string) => ({ 204: { description }, default: problem });

const getYou = createRoute({
  method: 'get',
  path: '/you',
  tags,
  summary: 'The ways in that you have',
  responses: answers(You, 'No key and no hash is among them.'),
});
const putPassword = createRoute({
  method: 'put',
  path: '/you/password',
  tags,
  summary: 'Change your password; your other sessions end',
  request: body(ChangePasswordRequest),
  responses: done('It holds from now on. The session has a new secret, in the cookie.'),
});
const postPasskeyOptions = createRoute({
  method: 'post',
  path: '/you/passkey-options',
  tags,
  summary: 'Begin to add a passkey',
  responses: answers(PasskeyOptions, 'For `navigator.credentials.create`.'),
});
const postPasskey = createRoute({
  method: 'post',
  path: '/you/passkeys',
  tags,
  summary: 'Add a passkey',
  request: body(AddPasskeyRequest),
  responses: answers(Passkey, 'The passkey.'),
});
const deletePasskey = createRoute({
  method: 'delete',
  path: '/you/passkeys/{id}',
  tags,
  summary: 'Remove one of your passkeys',
  request: { params: z.object({ id: z.string().max(128) }) },
  responses: done('It lets nobody in any more.'),
});
const postProofOptions = createRoute({
  method: 'post',
  path: '/you/proof-options',
  tags,
  summary: 'Begin to show with a passkey that it is still you',
  responses: answers(PasskeyOptions, 'For `navigator.credentials.get`.'),
});
const postTotp = createRoute({
  method: 'post',
  path: '/you/totp',
  tags,
  summary: 'Begin to turn codes from an app on',
  responses: answers(TotpKey, 'The key, shown this once.'),
});
const confirm = createRoute({
  method: 'post',
  path: '/you/totp/confirm',
  tags,
  summary: 'Turn codes from an app on, with the first of them',
  request: body(ConfirmTotpRequest),
  responses: answers(RecoveryCodes, 'The recovery codes, shown this once.'),
});
const postRecoveryCodes = createRoute({
  method: 'post',
  path: '/you/totp/recovery-codes',
  tags,
  summary: 'Get new recovery codes; those before are no longer good',
  responses: answers(RecoveryCodes, 'The recovery codes, shown this once.'),
});
const deleteTotp = createRoute({
  method: 'delete',
  path: '/you/totp',
  tags,
  summary: 'Turn codes from an app off',
  responses: done('The password alone is asked for.'),
});
const resetTotp = createRoute({
  method: 'delete',
  path: '/people/{name}/totp',
  tags,
  summary: 'Turn the codes of somebody off who lost the phone',
  request: { params: NamePath },
  responses: done('Their password alone is asked for.'),
});

export function yourRoutes(api: Api): void {
  api.openapi(getYou, async (c) => c.json(await describeYou(contextOf(c).hub, yourself(identityOf(c))), 200));
  api.openapi(putPassword, async (c) => {
    const input = { ...c.req.valid('json'), you: yourself(identityOf(c)), source: sourceAddress(c) };
    const own = await changePassword({ ctx: contextOf(c), input });
    if (own) writeSessionCookie(c, own.secret, own.record.expiresAt);
    return c.body(null, 204);
  });
  api.openapi(postPasskeyOptions, async (c) => {
    const { hub } = contextOf(c);
    const you = yourself(identityOf(c));
    checkFresh(you);
    await ownAccount(hub, you);
    const ceremony = { purpose: 'register' as const, boundTo: you.key, origin: ownOrigin(c) };
    return c.json(await registrationOptions(hub, ceremony, you.who, await wallName(hub)), 200);
  });
  api.openapi(postPasskey, async (c) => {
    const input = { ...c.req.valid('json'), you: yourself(identityOf(c)), origin: ownOrigin(c) };
    return c.json(await addPasskey({ ctx: contextOf(c), input }), 200);
  });
  api.openapi(deletePasskey, async (c) => {
    await removePasskey({ ctx: contextOf(c), input: { you: yourself(identityOf(c)), ...c.req.valid('param') } });
    return c.body(null, 204);
  });
  api.openapi(postProofOptions, async (c) => {
    const you = yourself(identityOf(c));
    const ceremony = { purpose: 'proof' as const, boundTo: you.key, origin: ownOrigin(c) };
    return c.json(await assertionOptions(contextOf(c).hub, ceremony, you.who), 200);
  });
  api.openapi(postTotp, async (c) =>
    c.json(await startTotp({ ctx: contextOf(c), input: { you: yourself(identityOf(c)) } }), 200),
  );
  api.openapi(confirm, async (c) => {
    const input = { ...c.req.valid('json'), you: yourself(identityOf(c)), source: sourceAddress(c) };
    return c.json(await confirmTotp({ ctx: contextOf(c), input }), 200);
  });
  api.openapi(postRecoveryCodes, async (c) =>
    c.json(await renewRecoveryCodes({ ctx: contextOf(c), input: { you: yourself(identityOf(c)) } }), 200),
  );
  api.openapi(deleteTotp, async (c) => {
    await removeTotp({ ctx: contextOf(c), input: { you: yourself(identityOf(c)) } });
    return c.body(null, 204);
  });
  api.openapi(resetTotp, async (c) => {
    await resetTotpOf({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
}

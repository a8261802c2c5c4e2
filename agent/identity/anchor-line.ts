/** A question to the anchor and its answer, over NATS or over HTTP: the same bodies, the same checks. */
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects } from '#contracts/subjects.ts';
import { linkHash } from '#roadchain/chain.ts';
import { type REFUSALS, UpAnswer, type UpRequest } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { checkProof } from '#roadchain/proofs.ts';
import { askHub, HubUnreachable } from './hub-client.ts';
import type { Chain } from './identity-state.ts';

const TIMEOUT_MS = 10_000;

type Refused = Extract<UpAnswer, { op: 'refused' }>;
/** @throws HubUnreachable */
export type Ask = (request: UpRequest) => Promise<UpAnswer>;

export class AnchorRefused extends Error {
  override readonly name = 'AnchorRefused';
  readonly code: (typeof REFUSALS)[number];
  /** By the anchor's key: nobody in between could have said it. */
  readonly signed: boolean;
  readonly retryMs: number | undefined;

  constructor({ code, message, retryMs }: Refused, signed: boolean) {
    super(message);
    this.code = code;
    this.signed = signed;
    this.retryMs = retryMs;
  }
}

export const overNats = (connection: NatsConnection, chain: Chain): Ask =>
  checked(async (request) => {
    const answer = await connection
      .request(subjects.rc.up(chain.device), JSON.stringify(request), { timeout: TIMEOUT_MS })
      .catch((error: Error) => {
        throw new HubUnreachable(`The hub does not answer over NATS (${error.message}).`, { cause: error });
      });
    return answer.json();
  });

export const overHttp = (chain: Chain): Ask =>
  checked(async (request) => {
    const { status, body } = await askHub(chain.hub, '/rc/continue', { dev: chain.device, ...request });
    if (status >= 500 || status === 429) throw new HubUnreachable(`The hub at ${chain.hub.url} cannot answer now (${status}).`);
    return body;
  });

const checked =
  (ask: (request: UpRequest) => Promise<unknown>): Ask =>
  async (request) => {
    const answer = UpAnswer.safeParse(await ask(request)).data;
    if (!answer)
      throw new HubUnreachable('The hub answered with something this agent does not understand. Is one of them much older?');
    return answer;
  };

/** By the anchor itself, about this very request. */
export const isSigned = (anchor: string, request: UpRequest, { code, sig }: Refused): boolean =>
  sig !== undefined && aboutOf(request).some((about) => checkProof(nodeCrypto, anchor, 'refused', { code, about }, sig));

/** What a refusal of a request may be signed over: one from the past answers nothing of it. */
function aboutOf(request: UpRequest): string[] {
  switch (request.op) {
    case 'hello':
      return [request.head];
    case 'prepare':
      return [linkHash(nodeCrypto, request)];
    case 'prove':
      return [request.an, request.head];
    case 'commit':
      return [request.an, request.link];
    default:
      return [request.an];
  }
}

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

type Op = UpAnswer['op'];
export type Answered<Expected extends Op> = Extract<UpAnswer, { op: Expected }>;
/** @throws AnchorRefused, HubUnreachable */
export type Ask = <Expected extends Op>(request: UpRequest, ...expected: Expected[]) => Promise<Answered<Expected>>;

export class AnchorRefused extends Error {
  override readonly name = 'AnchorRefused';
  readonly code: (typeof REFUSALS)[number];
  /** By the anchor's key: nobody in between could have said it. */
  readonly signed: boolean;
  readonly retryMs: number | undefined;

  constructor({ code, message, retryMs }: Answered<'refused'>, signed: boolean) {
    super(message);
    this.code = code;
    this.signed = signed;
    this.retryMs = retryMs;
  }
}

export const overNats = (connection: NatsConnection, chain: Chain): Ask =>
  checked(chain, async (request) => {
    const answer = await connection
      .request(subjects.rc.up(chain.device), JSON.stringify(request), { timeout: TIMEOUT_MS })
      .catch((error: Error) => {
        throw new HubUnreachable(`The hub does not answer over NATS (${error.message}).`, { cause: error });
      });
    return answer.json();
  });

export const overHttp = (chain: Chain): Ask =>
  checked(chain, async (request) => {
    const { status, body } = await askHub(chain.hub, '/rc/continue', { dev: chain.device, ...request });
    if (status >= 500 || status === 429) throw new HubUnreachable(`The hub at ${chain.hub.url} cannot answer now (${status}).`);
    return body;
  });

const checked =
  (chain: Chain, ask: (request: UpRequest) => Promise<unknown>): Ask =>
  async (request, ...expected) => {
    const answer = UpAnswer.safeParse(await ask(request)).data;
    if (!answer)
      throw new HubUnreachable('The hub answered with something this agent does not understand. Is one of them much older?');
    if (answer.op === 'refused') throw new AnchorRefused(answer, isSigned(chain, request, answer));
    if (!isOneOf(answer, expected)) throw new HubUnreachable('The hub answered another question than the one that was asked.');
    return answer;
  };

const isOneOf = <Expected extends Op>(answer: UpAnswer, expected: Expected[]): answer is Answered<Expected> =>
  (expected as Op[]).includes(answer.op);

function isSigned(chain: Chain, request: UpRequest, { code, sig }: Answered<'refused'>): boolean {
  return (
    sig !== undefined && aboutOf(request).some((about) => checkProof(nodeCrypto, chain.anchor, 'refused', { code, about }, sig))
  );
}

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

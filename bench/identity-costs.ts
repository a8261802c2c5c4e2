/** What one of each costs: signing in, credentials, signatures of a chain, proofs of the ledger; each beside the bare thing in it. */
import { randomBytes } from 'node:crypto';
import { hash, verify as verifyHash } from '@node-rs/argon2';
import { Secret, TOTP } from 'otpauth';
import { TestPasskey } from '#e2e/security/test-passkey.ts';
import { verify as verifyInBrowser } from '#roadchain/browser/crypto.ts';
import { toBase64url } from '#roadchain/bytes.ts';
import { signCheckpoint } from '#roadchain/checkpoint.ts';
import type { LedgerEntry } from '#roadchain/link.ts';
import { leafOf, leafOfText, MerkleTree, provesInclusion } from '#roadchain/merkle.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { anchorPk, anchorSeed, chainOf, DEV, fleet } from '#roadchain/node/test-chain.ts';
import { type Verify, verifyHistory } from '#roadchain/verify-history.ts';
import { stepOf } from '#server/auth/totp/codes.ts';
import { mintDeviceUser, mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';
import type { TestHub } from '#server/test-anchor.ts';
import { fromSomewhere, makeOwner, PASSWORD, TestSession } from '#server/test-people.ts';
import { compareTimes, type Figure, milliseconds, summarize } from './measure.ts';

const SIGN_INS = 30;
const SIGNED = 500;
const LINKS = 1_000;
const LEAVES = 20_000;
const RUNS = 3;
const MINTED = 10_000;
const ORIGIN = 'http://localhost:7400';
const HOST = { 'x-forwarded-host': 'localhost:7400', origin: ORIGIN };

/** Milliseconds of each. */
async function timesOf(count: number, work: (at: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const begun = performance.now();
    const done = work(at);
    if (done instanceof Promise) await done;
    times.push(performance.now() - begun);
  }
  return times;
}

/** How long storage takes to say that it has one small value on disk. */
export async function storageTimes(hub: TestHub, count: number): Promise<number[]> {
  const { alive } = hub.first.anchor.hub.identity.buckets;
  const at = new Date().toISOString();
  return timesOf(count, () => alive.put('bench', { since: at, at }));
}

export async function signIn(hub: TestHub): Promise<Figure[]> {
  const owner = await makeOwner(hub);
  // One network address: from many the hub would take it for guessing, and answer late.
  const from = { ...HOST, ...fromSomewhere() };
  const as = (session: TestSession) => ({ ...HOST, cookie: `scorewall=${session.cookie}` });
  const { first } = hub;
  const login = async (json: object) => {
    const reply = await first.raw('POST', '/login', { json, headers: from });
    if (reply.status !== 200) throw new Error(`Nobody is signed in: ${reply.text}`);
    return new TestSession(first, reply.headers);
  };
  const stored = await hash(PASSWORD);
  const argon = await timesOf(SIGN_INS, () => verifyHash(stored, PASSWORD));
  const password = await timesOf(SIGN_INS, () => login({ password: PASSWORD }));

  const passkey = new TestPasskey(ORIGIN);
  const made = await first.raw('POST', '/you/passkey-options', { json: {}, headers: as(owner) });
  const added = { name: 'Bench', response: passkey.create(made.body.options) };
  const kept = await first.raw('POST', '/you/passkeys', { json: added, headers: as(owner) });
  if (kept.status >= 300) throw new Error(`The passkey is not kept: ${kept.text}`);
  const byPasskey: number[] = [];
  for (let at = 0; at < SIGN_INS; at++) {
    const elsewhere = { ...HOST, ...fromSomewhere() };
    const offered = await first.raw('POST', '/login/passkey-options', { json: {}, headers: elsewhere });
    if (offered.status !== 200) throw new Error(`No passkey is asked for: ${offered.text}`);
    const cookie = offered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const json = { response: passkey.get(offered.body.options) };
    const [ms] = await timesOf(1, async () => {
      const reply = await first.raw('POST', '/login/passkey', { json, headers: { ...elsewhere, cookie } });
      if (reply.status !== 200) throw new Error(`The passkey is not taken: ${reply.text}`);
    });
    byPasskey.push(ms!);
  }
  const key = new Secret({ size: 20 });
  const totp = new TOTP({ secret: key, period: 30, digits: 6, algorithm: 'SHA1' });
  const codes = await timesOf(SIGNED, () => {
    if (stepOf(key.base32, totp.generate(), Date.now()) === undefined) throw new Error('A code is not taken.');
  });
  const put = await storageTimes(hub, SIGN_INS);
  const storage = { what: 'storage keeps one value', samples: put };
  return [
    compareTimes(`signed in by password (${SIGN_INS})`, password, { what: 'argon2id alone', samples: argon }),
    compareTimes(`signed in by passkey (${SIGN_INS})`, byPasskey, storage),
    compareTimes('a code of an app made and checked', codes, storage),
  ];
}

export async function mint(hub: TestHub): Promise<Figure[]> {
  const { keys } = hub.nats;
  const { publicKey } = createNkey('user');
  const expiresAt = new Date(Date.now() + 86_400_000);
  const text = 'x'.repeat(600);
  const bare = { what: 'one Ed25519 signature', samples: await timesOf(SIGNED, () => keys.device.key.sign(text)) };
  const device = await timesOf(MINTED, (at) => mintDeviceUser(keys, { name: `device-${at}`, publicKey, expiresAt }));
  const uid = `sam_${randomBytes(12).toString('hex')}`;
  const person = await timesOf(SIGNED, () => mintPerson(keys, { kind: 'operator', uid }, { publicKey, ttlMs: 900_000 }));
  const totalMs = device.reduce((sum, ms) => sum + ms, 0);
  const all = compareTimes(`${MINTED} device credentials, each`, device, bare);
  return [
    { ...all, value: `${all.value}, ${Math.round((MINTED / totalMs) * 1_000)} a second`, data: { ...all.data, totalMs } },
    compareTimes("a person's credentials for 15 min", person, bare),
  ];
}

export async function check(): Promise<Figure[]> {
  const { sha256 } = nodeCrypto;
  const entries = chainOf(LINKS).map(({ link }, seq) => ({ seq, entry: { kind: 'link', link } satisfies LedgerEntry }));
  const tree = new MerkleTree(sha256);
  for (const { entry } of entries) tree.append(leafOf(sha256, entry));
  const history = {
    anchor: anchorPk,
    device: DEV,
    entries,
    checkpoint: signCheckpoint(nodeCrypto, anchorSeed, { fleet, size: LINKS, root: tree.root(), at: new Date().toISOString() }),
    consistency: [],
    inclusion: entries.map(({ seq }) => ({ seq, proof: tree.inclusion(seq, LINKS).map(toBase64url) })),
  };
  const checkedBy = (verify: Verify) => () =>
    verifyHistory(sha256, verify, history).then((result) => {
      if (!result.ok) throw new Error(`The chain does not verify, and it should: ${result.flaw}`);
    });
  const message = randomBytes(600);
  const signature = nodeCrypto.sign(anchorSeed, message);
  const publicKey = nodeCrypto.publicKey(anchorSeed);
  // A first link has two signatures, every other three.
  const bare = await timesOf(RUNS, () => {
    for (let at = 0; at < LINKS * 3; at++) nodeCrypto.verify(publicKey, message, signature);
  });
  const reference = { what: `${LINKS * 3} Ed25519 signatures alone`, samples: bare };
  const inNode = await timesOf(
    RUNS,
    checkedBy(async (...claim) => nodeCrypto.verify(...claim)),
  );
  const inBrowser = await timesOf(RUNS, checkedBy(verifyInBrowser));
  return [
    compareTimes(`a chain of ${LINKS} links checked, with its places`, inNode, reference),
    compareTimes('  by the code of the page', inBrowser, reference),
    await prove(),
  ];
}

async function prove(): Promise<Figure> {
  const { sha256 } = nodeCrypto;
  const begun = performance.now();
  const tree = new MerkleTree(sha256);
  for (let leaf = 0; leaf < LEAVES; leaf++) tree.append(leafOfText(sha256, String(leaf)));
  const treeMs = performance.now() - begun;
  const root = tree.root();
  const times = await timesOf(SIGNED, (index) => {
    const leaf = leafOfText(sha256, String(index));
    if (!provesInclusion(sha256, { index, size: LEAVES, leaf, root, proof: tree.inclusion(index) }))
      throw new Error('An entry is not proved, and it should be.');
  });
  const { p50, p95 } = summarize(times);
  return {
    what: `an entry proved to be among ${LEAVES}`,
    value: `${milliseconds(p50)} / ${milliseconds(p95)}`,
    beside: `the tree itself ${milliseconds(treeMs)}`,
    data: { p50, p95, treeMs },
  };
}

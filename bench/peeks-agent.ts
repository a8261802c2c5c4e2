/** What small pictures cost the device that makes them: one moving desktop and nine scrolling terminals, beside nobody looking. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Face, faceToken, PEEK_RENEW_MS, PeekAnswer, type PeekRequest } from '#contracts/peek.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import { subjects } from '#contracts/subjects.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { Stack } from '#e2e/stack/stack.ts';
import { vncService } from '#e2e/stack/vnc-service.ts';
import { connectNats } from '#server/nats/connect.ts';
import { formatCreds } from '#server/nats/jwt.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';
import type { Bench } from './bench.ts';
import type { Figure } from './measure.ts';
import { processorMs } from './process-usage.ts';
import { buildPrograms } from './programs.ts';

const IMAGE = 'localhost/scorewall/hello:1';
const TERMINALS = 9;
const WINDOW_MS = 20_000;
const SETTLE_MS = 8_000;
/** A fifth of what fifty tiles may take. */
const MOST_MEGABITS = 1;
/** A wall of ten tiles asks for so many pictures a second. */
const FPS = { terminal: 3, screen: 2 } as const;
const SCROLLS =
  'i=0; while :; do i=$((i+1)); echo "frame $i: person 0.91, dog 0.13, bicycle 0.07, the rest is noise"; sleep 0.2; done';

export const peeksAgent: Bench = {
  name: 'peeks-agent',
  title: `the device's work for small pictures of one screen and ${TERMINALS} terminals`,
  async run(say) {
    const stack = await Stack.start({ devices: ['bench'], programs: await buildPrograms(say) });
    const lookers: Looker[] = [];
    try {
      const faces = await runServices(stack);
      // The containers' own work is not the agent's: what is left without viewers is the reference.
      await sleep(SETTLE_MS);
      say(`measures for ${WINDOW_MS / 1000} s with nobody looking`);
      const idle = await measure(stack);
      // A request holds at most eight looks.
      for (const some of [faces.slice(0, 5), faces.slice(5)]) lookers.push(await Looker.open(stack, some));
      await eventually('every picture comes', () => {
        const why = lookers.flatMap((looker) => looker.missing());
        if (why.length > 0) throw new Error(why.join('\n'));
        return true;
      });
      await sleep(SETTLE_MS);
      say(`measures for ${WINDOW_MS / 1000} s with ${faces.length} faces in sight`);
      for (const looker of lookers) looker.reset();
      const busy = await measure(stack);
      return figures(
        idle,
        busy,
        lookers.flatMap(({ seen }) => [...seen]),
      );
    } finally {
      for (const looker of lookers) await looker.close();
      await stack.stop();
    }
  },
};

async function runServices(stack: Stack): Promise<Face[]> {
  const terminals = Array.from(
    { length: TERMINALS },
    (_, index): PodmanService => ({
      name: `term-${index}`,
      image: IMAGE,
      command: ['/bin/busybox', 'sh', '-c', SCROLLS],
      screen: { kind: 'terminal' },
      stopTimeoutSeconds: 0,
    }),
  );
  await stack.store.putServices(stack.device.name, 'work', [vncService({ image: IMAGE, geometry: '1280x800' }), ...terminals]);
  await eventually('all services run', async () => {
    const all = (await stack.store.status(stack.device.name))?.deployments.flatMap(({ services }) => services) ?? [];
    return all.length === TERMINALS + 1 && all.every(({ state }) => state === 'running');
  });
  return [
    { kind: 'screen', deployment: 'work', service: 'desk' },
    ...terminals.map(({ name }): Face => ({ kind: 'terminal', deployment: 'work', service: name })),
  ];
}

interface Shares {
  /** Of one core. */
  agent: number;
  /** Where terminals live; 0 before there is one. */
  ptyHost: number;
}

async function measure({ device }: Stack): Promise<Shares> {
  const ptyHost = await readFile(join(device.stateDir, 'pty-host.json'), 'utf8').then(
    (text) => (JSON.parse(text) as { pid: number }).pid,
    () => undefined,
  );
  const times = async () => [await processorMs(device.agent.pid), ptyHost ? await processorMs(ptyHost) : 0] as const;
  const [before, startedAt] = [await times(), performance.now()];
  await sleep(WINDOW_MS);
  const [after, tookMs] = [await times(), performance.now() - startedAt];
  return { agent: (after[0] - before[0]) / tookMs, ptyHost: (after[1] - before[1]) / tookMs };
}

function figures(idle: Shares, busy: Shares, seen: readonly (readonly [string, Seen])[]): Figure[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} % of a core`;
  const perSecond = (of: readonly (readonly [string, Seen])[], what: keyof Seen) =>
    (of.reduce((sum, [, one]) => sum + one[what], 0) / WINDOW_MS) * 1_000;
  const [screens, terminals] = [
    seen.filter(([token]) => token.startsWith('screen')),
    seen.filter(([token]) => token.startsWith('term')),
  ];
  const bytesPerSecond = perSecond(seen, 'bytes');
  const megabits = (bytesPerSecond * 8) / 1e6;
  const [screenFps, terminalFps] = [perSecond(screens, 'pictures'), perSecond(terminals, 'pictures') / TERMINALS];
  return [
    {
      what: 'agent, all faces in sight',
      value: percent(busy.agent),
      beside: `nobody looking ${percent(idle.agent)}`,
      data: { percentOfACore: busy.agent * 100, idlePercentOfACore: idle.agent * 100 },
    },
    {
      what: 'pty host, all faces in sight',
      value: percent(busy.ptyHost),
      beside: `nobody looking ${percent(idle.ptyHost)}`,
      data: { percentOfACore: busy.ptyHost * 100, idlePercentOfACore: idle.ptyHost * 100 },
    },
    {
      what: 'pictures sent',
      value: `${megabits.toFixed(2)} Mbit/s`,
      beside: `a second: screen ${screenFps.toFixed(1)}, each terminal ${terminalFps.toFixed(1)}`,
      must: {
        text: `at most ${MOST_MEGABITS} Mbit/s, all moving`,
        held: megabits <= MOST_MEGABITS && seen.length === TERMINALS + 1 && seen.every(([, { pictures }]) => pictures > 0),
      },
      data: { bytesPerSecond, screenFps, terminalFps },
    },
  ];
}

interface Seen {
  pictures: number;
  bytes: number;
}

/** Somebody whose page has these faces in sight. */
class Looker {
  readonly seen = new Map<string, Seen>();
  readonly #faces: readonly Face[];
  #looks: readonly { token: string; why?: string | undefined }[] = [];
  readonly #connection: NatsConnection;
  readonly #timer: ReturnType<typeof setInterval>;

  static async open(stack: Stack, faces: readonly Face[]): Promise<Looker> {
    const uid = `bench_${randomBytes(12).toString('hex')}`;
    const key = createNkey('user');
    const { jwt, inboxPrefix } = mintPerson(
      stack.nats.keys,
      { kind: 'viewer', uid },
      { publicKey: key.publicKey, ttlMs: 3_600_000 },
    );
    const creds = formatCreds(jwt, key.seed);
    const connection = await connectNats({ servers: stack.nats.url, creds, name: uid, inboxPrefix });
    return new Looker(connection, stack.device.name, uid, faces);
  }

  private constructor(connection: NatsConnection, device: string, uid: string, faces: readonly Face[]) {
    this.#faces = faces;
    this.#connection = connection;
    connection.subscribe(`peek.${device}.*`, {
      callback: (_error, { subject, data }) => {
        const token = subject.split('.')[2]!;
        if (!faces.some((face) => faceToken(face) === token)) return;
        const { pictures, bytes } = this.seen.get(token) ?? { pictures: 0, bytes: 0 };
        this.seen.set(token, { pictures: pictures + 1, bytes: bytes + data.length });
      },
    });
    const request: PeekRequest = {
      looks: faces.map((face) => ({
        face,
        fps: face.kind === 'screen' ? FPS.screen : FPS.terminal,
        width: 480,
        height: 300,
        rows: 24,
      })),
    };
    const ask = async () => {
      const reply = await connection.request(subjects.rpc(device, 'peek', uid), JSON.stringify(request), { timeout: 20_000 });
      const answer = PeekAnswer.parse(reply.json());
      if (!answer.ok) throw new Error(answer.message);
      this.#looks = answer.looks;
    };
    const askQuietly = () => void ask().catch((error: Error) => process.stderr.write(`${error.message}\n`));
    askQuietly();
    this.#timer = setInterval(askQuietly, PEEK_RENEW_MS);
  }

  reset(): void {
    this.seen.clear();
  }

  /** What did not come yet, and why. */
  missing(): string[] {
    const tokens = this.#faces.map(faceToken).filter((token) => !this.seen.has(token));
    return tokens.map((token) => `${token}: ${this.#looks.find((look) => look.token === token)?.why ?? 'no picture'}`);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#connection.close();
  }
}

/** A process of its own, because one process cannot speak NATS over TCP and over websockets: times keys on one terminal, prints JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openScorewall, openTtyd, type ScorewallTarget, type TerminalClient } from './terminal-clients.ts';

export type Probe = { rounds: number } & ({ peer: 'scorewall'; target: ScorewallTarget } | { peer: 'ttyd'; port: number });
export interface ProbeResult {
  echoMs: number[];
}

/** A login shell reads its owner's files first. */
const LOGIN_MS = 3_000;
const SETTLE_MS = 400;
const BETWEEN_KEYS_MS = 8;
const KEYS = 'abcdefghijklmnopqrstuvwxyz';

const probe = JSON.parse(process.argv[2] ?? '') as Probe;
const client = await (probe.peer === 'scorewall' ? openScorewall(probe.target) : openTtyd(probe.port));
await sleep(LOGIN_MS);
// The same on both sides: the line discipline echoes each key, and nothing else is said.
client.write('stty -icanon; exec cat > /dev/null\r');
await sleep(SETTLE_MS);
const echoMs: number[] = [];
for (let round = 0; round < probe.rounds; round++) {
  echoMs.push(await timeKey(client, KEYS[round % KEYS.length]!));
  await sleep(BETWEEN_KEYS_MS);
}
await client.close();
process.stdout.write(`${JSON.stringify({ echoMs } satisfies ProbeResult)}\n`);
process.exit(0);

function timeKey(on: TerminalClient, key: string): Promise<number> {
  return new Promise((resolve) => {
    const code = key.charCodeAt(0);
    let from = 0;
    on.onData((bytes) => {
      if (bytes.includes(code)) resolve(performance.now() - from);
    });
    from = performance.now();
    on.write(key);
  });
}

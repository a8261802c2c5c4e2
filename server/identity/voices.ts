/** The hub's two voices among the devices: one answers them, the other calls them. Each has a user of its own that can do no more. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { subjects } from '#contracts/subjects.ts';
import type { DownMessage, UpAnswer } from '#roadchain/messages.ts';
import { connectNats } from '#server/nats/connect.ts';
import type { MintingKeys } from '#server/nats/fleet-keys.ts';
import { mintVoice } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';

export interface VoiceOptions {
  servers: string[];
  caFile?: string | undefined;
  minting: MintingKeys;
}

/** When it ends, the server cuts the connection, which comes back with a new one. */
const LIFE_MS = 24 * 3_600_000;
const ALL = 'rc.up.*';

function connect({ servers, caFile, minting }: VoiceOptions, kind: 'identity' | 'rotator'): Promise<NatsConnection> {
  // One key for as long as the process runs: JWT and signature are asked for one after the other.
  const user = createNkey('user');
  return connectNats({
    servers,
    creds: () => mintVoice(minting, kind, { ttlMs: LIFE_MS, user }),
    name: `scorewall ${kind}`,
    inboxPrefix: `_INBOX.${kind}`,
    firstConnect: 'fail',
    ...(caFile ? { caFile } : {}),
  });
}

/** Answers every question of every device, until `stop`. */
export async function openAnswering(
  options: VoiceOptions,
  answer: (device: string, bytes: Uint8Array) => Promise<UpAnswer | undefined>,
): Promise<{ stop(): Promise<void> }> {
  const nc = await connect(options, 'identity');
  const onMessage = (error: Error | null, message: Msg) => {
    const device = message.subject.slice('rc.up.'.length);
    // A device chooses where its answer goes: into its own inbox, or nowhere.
    if (error || !message.reply?.startsWith(`${subjects.inbox(device)}.`)) return;
    void answer(device, message.data).then((said) => {
      if (said) message.respond(JSON.stringify(said));
    });
  };
  nc.subscribe(ALL, { callback: onMessage });
  await nc.flush();
  return { stop: () => nc.close() };
}

export async function openCalling(
  options: VoiceOptions,
): Promise<{ call(device: string, said: DownMessage): void; stop(): Promise<void> }> {
  const nc = await connect(options, 'rotator');
  return {
    call: (device, said) => nc.publish(subjects.rc.down(device), JSON.stringify(said)),
    stop: () => nc.close(),
  };
}

/** Whether this anchor can do its work: storage, a leader for the controllers, sight of connections. */
import type { Readiness } from '#contracts/api.ts';
import type { Context } from '../hub.ts';

type Check = Readiness['checks'][number];

const PATIENCE_MS = 2_000;

export async function checkReadiness({ ctx: { hub } }: { ctx: Context }): Promise<Readiness> {
  const storage = await attempt('nats', async () => {
    await hub.store.nc.flush();
    await hub.store.manager.getAccountInfo();
    return 'Storage answers.';
  });
  const controller = storage.ok
    ? await attempt('controller', async () => {
        if (hub.lease.held) return 'This anchor leads.';
        if (await hub.lease.current()) return 'Another anchor leads.';
        throw new Error('No anchor leads at this moment; one of them will within seconds.');
      })
    : { name: 'controller', ok: false, detail: 'Unknown while storage is silent.' };
  // Without sight of connections tiles go by the age of reports: less good, but ready.
  const presence = {
    name: 'presence',
    ok: true,
    detail: hub.presence.known ? 'Connections are seen.' : 'Connections are not seen; tiles go by the age of the last report.',
  };
  const checks = [storage, controller, presence];
  return { ready: checks.every(({ ok }) => ok), checks };
}

async function attempt(name: string, work: () => Promise<string>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS / 1000} s.`)), PATIENCE_MS);
  });
  try {
    return { name, ok: true, detail: await Promise.race([work(), late]) };
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}

/** What identity costs, and how soon a device is out: also while a node of a cluster is down. */
import type { ChildProcess } from 'node:child_process';
import type { TestDevice } from '#server/identity/test-device.ts';
import { startTestHub } from '#server/test-anchor.ts';
import type { Bench } from './bench.ts';
import { keepOutInCluster } from './identity-cluster.ts';
import { check, mint, signIn } from './identity-costs.ts';
import { QUICK_ENV } from './identity-hub.ts';
import { keepOut, rotate, startOthers } from './identity-load.ts';

export const identity: Bench = {
  name: 'identity',
  title: 'signing in, credentials, proofs, keys rotated under load, devices kept out with a node down',
  run: async (say) => {
    const hub = await startTestHub({ env: QUICK_ENV });
    const devices: TestDevice[] = [];
    let others: ChildProcess | undefined;
    try {
      const alone = [...(await signIn(hub)), ...(await mint(hub)), ...(await check())];
      others = await startOthers(hub, say);
      say('keys are rotated');
      const rotated = await rotate(hub, devices);
      say('devices are kept out');
      const kept = await keepOut(hub, devices);
      others.disconnect();
      others = undefined;
      await Promise.all(devices.map((device) => device.stop()));
      return [...alone, rotated, kept, ...(await keepOutInCluster(say))];
    } finally {
      others?.kill('SIGKILL');
      await Promise.all(devices.map((device) => device.stop()));
      await hub.stop();
    }
  },
};

/** Starts the real thing for the browser suite. */
import { startUp } from './stack/up.ts';

export default async function startStack(): Promise<() => Promise<void>> {
  const up = await startUp({ firstAddress: '127.0.4.11' });
  process.env.SCOREWALL_E2E_HOME = up.home;
  return up.stop;
}

/** The bundles that a device and a hub really run, built if they are not there or are older than their sources. */
import { agentArgs, build, bundleFile } from '#server/up/build.ts';

export interface Programs {
  anchor: readonly string[];
  agent: readonly string[];
  web: readonly string[];
}

export async function buildPrograms(say: (line: string) => void, { pages = false } = {}): Promise<Programs> {
  await build({ say, done: () => undefined }, { pages });
  return { anchor: [bundleFile('anchor')], agent: agentArgs(), web: [bundleFile('web')] };
}

/** Takes a list of the engine into the model. A list that is older than what the agent did since never overrides it. Pure. */
import { isLive, type OwnContainer } from './actual.ts';
import { LINGER_MS, type World, withReleased } from './world.ts';

export interface Listed {
  containers: readonly OwnContainer[];
  /** The ids the list was asked for; undefined: all. */
  asked: ReadonlySet<string> | undefined;
  /** Containers the agent touched since the list was asked for. */
  touched: ReadonlySet<string>;
}

export function observeList(world: World, { containers, asked, touched }: Listed): World {
  const { actual, memory } = world;
  const isOurs = (id: string) => touched.has(id) || actual.containers.get(id)?.doing !== undefined;
  const next = new Map<string, OwnContainer>();
  for (const [id, known] of actual.containers) if (isOurs(id) || (asked && !asked.has(id))) next.set(id, known);
  for (const listed of containers) {
    // A container whose creation has not been answered yet comes with that answer.
    if (isOurs(listed.id) || (!actual.containers.has(listed.id) && memory.creating.has(listed.key))) continue;
    next.set(listed.id, carryOver(actual.containers.get(listed.id), listed));
  }
  const ran = new Map(memory.ran);
  for (const one of next.values()) if (one.state === 'running') ran.set(one.key, one.text);
  const gone = [...actual.containers.values()].filter((one) => isLive(one) && !isLiveIn(next, one.id));
  const released = gone.reduce((all, one) => withReleased(all, one.id, LINGER_MS), world).memory.released;
  return { actual: { ...actual, containers: next }, memory: { ...memory, ran, released } };
}

function isLiveIn(containers: ReadonlyMap<string, OwnContainer>, id: string): boolean {
  const container = containers.get(id);
  return container !== undefined && isLive(container);
}

/** What the agent found out by other ways stays, for as long as it is the same run of the same process. */
function carryOver(known: OwnContainer | undefined, listed: OwnContainer): OwnContainer {
  if (!known || known.state !== listed.state) return listed;
  if (known.pid !== 0 && known.pid !== listed.pid) return listed;
  return { ...listed, seenAtMs: known.seenAtMs, health: known.health, details: known.details };
}

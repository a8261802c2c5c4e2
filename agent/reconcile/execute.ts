/** Does what an action says and decides nothing. A new kind of action does not compile without an executor here. */
import { CONTAINER_LABEL } from '#contracts/container.ts';
import type { Engine, PullProgress } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import type { ActionKind, ActionOf } from './action.ts';
import { ownContainer, type Site } from './actual.ts';
import type { Outcome } from './world.ts';

export interface ExecuteContext {
  engine: Engine;
  site: Site;
  onPullProgress(image: string, progress: PullProgress): void;
}

type Executors = {
  [Kind in ActionKind]: (action: ActionOf<Kind>, context: ExecuteContext, signal: AbortSignal) => Promise<Outcome>;
};

const done: Outcome = { ok: true };

const EXECUTORS: Executors = {
  async pull({ image }, { engine, onPullProgress }, signal) {
    await engine.pullImage(image, (progress) => onPullProgress(image, progress), signal);
    return done;
  },
  async create({ service, name, pulled, previousImage }, { engine, site }) {
    const labels = {
      [CONTAINER_LABEL.device]: site.device,
      [CONTAINER_LABEL.deployment]: service.deployment,
      [CONTAINER_LABEL.service]: service.name,
      [CONTAINER_LABEL.score]: service.text,
      // Always all of them: one that is left out could come from the image, and say what its author likes.
      [CONTAINER_LABEL.fleet]: site.fleet ?? '',
      [CONTAINER_LABEL.pulled]: String(pulled),
      [CONTAINER_LABEL.previousImage]: previousImage ?? '',
    };
    const volumePrefix = [site.device, service.deployment, ...(site.fleet ? [site.fleet] : [])].join('.');
    const socketFolder = service.spec.agentSocket ? site.socketFolder?.(service.deployment, service.name) : undefined;
    const { hostIp } = site;
    const id = await engine.createContainer({ name, service: service.spec, labels, hostIp, volumePrefix, socketFolder });
    const container = {
      id,
      name,
      labels,
      image: service.spec.image,
      imageId: '',
      state: 'created',
      pid: 0,
      exitCode: 0,
      ports: [],
    } as const;
    return { ok: true, created: ownContainer(container, site, Date.now()) };
  },
  async start({ id }, { engine }) {
    await engine.startContainer(id);
    return done;
  },
  async stop({ id, timeoutSeconds }, { engine }) {
    await engine.stopContainer(id, timeoutSeconds);
    return done;
  },
  async remove({ id, reason }, { engine }) {
    // What has lost its processes cannot be removed before the engine has noticed, and a stop makes it look.
    if (reason === 'broken') await engine.stopContainer(id, 0).catch(() => undefined);
    await engine.removeContainer(id);
    return done;
  },
  async rename({ id, name }, { engine }) {
    await engine.renameContainer(id, name);
    return done;
  },
  async 'remove-image'({ image }, { engine }) {
    await engine.removeImage(image);
    return done;
  },
};

/** Never rejects. */
export async function execute<Kind extends ActionKind>(
  action: ActionOf<Kind>,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const executor: Executors[Kind] = EXECUTORS[action.kind];
    return await executor(action, context, signal);
  } catch (error) {
    return { ok: false, error: toEngineError(error, signal) };
  }
}

function toEngineError(error: unknown, signal: AbortSignal): EngineError {
  if (signal.aborted) return new EngineError('aborted', 'no longer wanted', { cause: signal.reason });
  return error instanceof EngineError ? error : new EngineError('refused', (error as Error).message, { cause: error });
}

/** One device at work: wires the desired state, the reconciler and the reports. NATS and the engine know each other only here. */

import { displayName } from '#contracts/device-words.ts';
import type { LogSource } from '#contracts/stream/log.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { DesiredSource } from './desired/desired-source.ts';
import { type DesiredState, decidedNames, NOTHING_KNOWN, toDeployments } from './desired/desired-state.ts';
import { DesiredStore } from './desired/desired-store.ts';
import { openEngine } from './engine/open-engine.ts';
import { openCredentials } from './identity/open-credentials.ts';
import { HostInventory } from './inventory/host-inventory.ts';
import { answerAsks } from './local/answer-asks.ts';
import { Bus } from './local/bus.ts';
import { LocalSockets } from './local/local-sockets.ts';
import { WorkBook } from './local/work-book.ts';
import type { Logger } from './log.ts';
import { NatsLink } from './nats-link.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { RecordingSpool } from './recordings/spool.ts';
import { DeviceLogs, type DeviceLogsOptions } from './sessions/logs/device-logs.ts';
import { logFace } from './sessions/peeks/log-face.ts';
import { Peeks } from './sessions/peeks/peeks.ts';
import { screenFace } from './sessions/peeks/screen-face.ts';
import { ServiceWords } from './sessions/peeks/service-words.ts';
import { terminalFace } from './sessions/peeks/terminal-face.ts';
import { RpcServer } from './sessions/rpc-server.ts';
import { DeviceScreens } from './sessions/screens/device-screens.ts';
import { SessionLimits } from './sessions/session-limits.ts';
import type { AgentTroubles } from './status/agent-troubles.ts';
import { buildStatus } from './status/build-status.ts';
import { EventPublisher } from './status/event-publisher.ts';
import { StatusPublisher } from './status/status-publisher.ts';
import { Terminals } from './terminals/terminals.ts';
import { AgentUpdater } from './update/agent-updater.ts';
import { HealthReport, trialLastingMs } from './update/health-report.ts';
import { updatePlaces } from './update/slots.ts';
import { AGENT_VERSION } from './version.ts';

export interface AgentOptions {
  config: AgentConfig;
  /** Its path, for the pty host. */
  configFile: string;
  troubles: AgentTroubles;
  startedAt: Date;
  /** Ends the whole process, in order, for whoever starts it again. */
  end(): void;
  log: Logger;
}

/** Until `signal` aborts. Containers are left as they are. */
export async function runAgent(
  { config, configFile, troubles, startedAt, end, log }: AgentOptions,
  signal: AbortSignal,
): Promise<void> {
  const { device } = config;
  // One part that fails ends the others, so that the whole is started again.
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);

  const places = updatePlaces(process.env);
  const ownFile = process.argv[1]!;
  const updater = await AgentUpdater.open({ device, places, ownFile, onChange: () => status.changed(), end, signal: until, log });
  const credentials = openCredentials(config, { configFile, troubles, onOffer: updater.offered, log });
  const inventory = new HostInventory(config.stateDir);
  const publisher = new EventPublisher(device, log);
  const limits = new SessionLimits();
  const logs = await openLogs(config, { limits, troubles, log, isKnown: (source) => isKnown(reconciler, source) });
  const events = {
    publish: (event: Parameters<EventPublisher['publish']>[0]) => {
      publisher.publish(event);
      logs.happened(event);
    },
  };
  const { engine } = logs;
  const reconciler = new Reconciler({
    device,
    ...(config.fleet ? { fleet: config.fleet } : {}),
    hostIp: config.hostIp,
    engine,
    relistIntervalMs: config.relistIntervalMs,
    log,
    onChange: () => status.changed(),
    onEvent: (event) => events.publish(event),
    onContainers: (containers) => logs.see(containers),
    socketFolder: (deployment, service) => sockets.folderOf(deployment, service),
  });
  const book = new WorkBook(() => status.changed());
  const bus = new Bus(device);
  const sockets = new LocalSockets(config.stateDir, { device, book, bus, onEvent: (event) => events.publish(event) }, log);
  const status = new StatusPublisher({
    device,
    intervalMs: config.reportIntervalMs,
    log,
    build: () =>
      buildStatus({
        device,
        now: new Date(),
        agent: {
          version: AGENT_VERSION,
          startedAt,
          credentials: credentials.kind,
          update: updater.state(),
          error: troubles.gravest(),
        },
        engine: reconciler.engineFacts(),
        host: inventory.sample(),
        deployments: reconciler.deployments(),
        work: book.work(),
      }),
  });
  troubles.onChange(() => status.changed());

  const store = new DesiredStore(config.stateDir, device, log, (error) => troubles.set('disk', ...diskTrouble(error, config)));
  const desired = new DesiredSource({
    device,
    store,
    resyncIntervalMs: config.resyncIntervalMs,
    log,
    onState: (state) => {
      sockets.openFor(toDeployments(state));
      applyDesired(reconciler, state);
    },
    onTrouble: (message) => troubles.set('desired', 'invalid', message),
  });
  const containerOf = (deployment: string, service: string) => reconciler.containerOf(deployment, service);
  const screens = new DeviceScreens({
    device,
    stateDir: config.stateDir,
    engine,
    containerOf,
    limits,
    onEvent: (event) => events.publish(event),
    log,
  });
  const terminals = new Terminals({
    device,
    stateDir: config.stateDir,
    configFile,
    spool: new RecordingSpool(config.stateDir, device),
    screenControl: screens.sessions.control,
    onEvent: (event) => events.publish(event),
    log,
  });
  const words = new ServiceWords(device, containerOf);
  const peeks = new Peeks({
    device,
    makers: { screen: screenFace(screens), log: logFace(logs.tail, words), terminal: terminalFace(terminals, words) },
  });
  const rpc = new RpcServer(
    device,
    {
      answer: answerAsks(device, book, (event) => events.publish(event)),
      log: logs.sessions.open,
      screen: screens.sessions.open,
      term: terminals.list,
      exec: terminals.execute,
      recording: terminals.recordings,
      peek: peeks.peek,
    },
    log,
  );
  const closeSessions = () => {
    logs.sessions.close();
    screens.sessions.close();
    peeks.close();
  };
  until.addEventListener('abort', closeSessions, { once: true });
  const link = new NatsLink({
    device,
    urls: config.natsUrls,
    caFile: config.natsCaFile,
    credentials,
    users: [
      ...(credentials.speaker ? [credentials.speaker] : []),
      status,
      new HealthReport({
        stateDir: config.stateDir,
        places,
        ownFile,
        isProved: credentials.isProved?.bind(credentials),
        onKept: updater.kept,
        lastingMs: trialLastingMs(process.env),
        log,
      }),
    ],
    fullUsers: [desired, publisher, bus, rpc, logs.sessions, screens.sessions, peeks, terminals],
    log,
  });

  applyDesired(reconciler, NOTHING_KNOWN);
  events.publish({ kind: 'agent-started', message: `${displayName(device)}'s agent started (${AGENT_VERSION}).` });
  const parts = [sockets.run(until), terminals.run(until), reconciler.run(until), desired.run(until), link.run(until)];
  try {
    await Promise.all(parts);
  } finally {
    ending.abort();
    await Promise.allSettled(parts);
    await screens.close();
    await logs.close();
  }
}

function openLogs(
  config: AgentConfig,
  { limits, troubles, isKnown, log }: Pick<DeviceLogsOptions, 'limits' | 'isKnown' | 'log'> & { troubles: AgentTroubles },
): Promise<DeviceLogs> {
  const { device, stateDir, logsMaxBytes: maxBytes } = config;
  return DeviceLogs.open({
    device,
    stateDir,
    maxBytes,
    engine: openEngine(config.engineSocket),
    limits,
    isKnown,
    onDiskTrouble: (error) => troubles.set('logs', ...logTrouble(error, config)),
    log,
  });
}

const isKnown = (reconciler: Reconciler, { deployment, service }: LogSource): boolean =>
  reconciler.deployments().some(({ name, services }) => name === deployment && services.some((one) => one.name === service));

function applyDesired(reconciler: Reconciler, state: DesiredState): void {
  // Before every listed key was read once, what is missing may still be wanted.
  reconciler.setDesired(toDeployments(state), state.complete ? undefined : decidedNames(state));
}

function diskTrouble(error: NodeJS.ErrnoException | undefined, { stateDir }: AgentConfig): DiskTrouble {
  return describeDisk(
    error,
    (why) =>
      `The desired state cannot be saved in ${stateDir} (${why}). Services run as asked, but after a power cut without network the device starts what it saved last. Make room or check the folder's rights.`,
  );
}

function logTrouble(error: NodeJS.ErrnoException | undefined, { stateDir }: AgentConfig): DiskTrouble {
  return describeDisk(
    error,
    (why) =>
      `Logs cannot be stored in ${stateDir} (${why}). Services run on, and what they write now may be missing later. Make room or check the folder's rights.`,
  );
}

type DiskTrouble = ['disk-full' | 'internal', string | undefined];

function describeDisk(error: NodeJS.ErrnoException | undefined, words: (why: string) => string): DiskTrouble {
  if (!error) return ['internal', undefined];
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return [full ? 'disk-full' : 'internal', words(full ? 'the disk is full' : (error.code ?? error.message))];
}

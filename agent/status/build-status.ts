/** Puts the report of this device together. Pure; what it gives always fits into one NATS message. */
import type {
  AgentUpdateState,
  DeviceDeploymentStatus,
  DeviceStatus,
  EngineFacts,
  HostFacts,
  Trouble,
} from '#contracts/status.ts';
import type { Work } from '#contracts/work.ts';

export interface StatusFacts {
  device: string;
  now: Date;
  agent: {
    version: string;
    startedAt: Date;
    credentials: DeviceStatus['agent']['credentials'];
    update?: AgentUpdateState | undefined;
    error?: Trouble | undefined;
  };
  engine: EngineFacts;
  host: HostFacts;
  deployments: readonly DeviceDeploymentStatus[];
  work?: Work | undefined;
}

/** Words beyond this are cut: an engine may answer with pages, a broken Score may quote itself. */
const MAX_MESSAGE_LENGTH = 1_000;

export function buildStatus({ device, now, agent, engine, host, deployments, work }: StatusFacts): DeviceStatus {
  return {
    device,
    reportedAt: now.toISOString(),
    agent: {
      version: agent.version,
      startedAt: agent.startedAt.toISOString(),
      credentials: agent.credentials,
      ...(agent.update ? { update: agent.update } : {}),
      ...troubleField(agent.error),
    },
    engine: { ...engine, ...troubleField(engine.error) },
    host,
    deployments: deployments.map((deployment) => ({
      ...deployment,
      ...troubleField(deployment.error),
      services: deployment.services.map((service) => ({ ...service, ...troubleField(service.error) })),
    })),
    ...(work ? { work } : {}),
  };
}

/** The report as JSON of at most `maxBytes`: where there is too much to say, services give way, healthy deployments first. */
export function encodeStatus(status: DeviceStatus, maxBytes: number): Uint8Array {
  const whole = encode(status);
  if (whole.length <= maxBytes) return whole;
  let excessBytes = whole.length - maxBytes;
  const deployments = [...status.deployments];
  for (const deployment of [...deployments].sort((a, b) => urgency(a) - urgency(b))) {
    if (excessBytes <= 0) break;
    excessBytes -= encode(deployment.services).length - '[]'.length;
    deployments[deployments.indexOf(deployment)] = { ...deployment, services: [] };
  }
  return encode({ ...status, deployments: excessBytes <= 0 ? deployments : [] });
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const urgency = ({ phase }: DeviceDeploymentStatus) => (phase === 'running' ? 0 : 1);

function troubleField(trouble: Trouble | undefined): { error?: Trouble } {
  if (!trouble) return {};
  const { message } = trouble;
  return {
    error: message.length <= MAX_MESSAGE_LENGTH ? trouble : { ...trouble, message: `${message.slice(0, MAX_MESSAGE_LENGTH)}…` },
  };
}

/** The config file that is carried to a device. Pure. */
import { stringify } from 'smol-toml';

interface AgentSettings {
  device: string;
  credsFile: string;
  natsUrls: readonly string[];
  /** Where NATS speaks TLS with a certificate of the fleet's own CA. */
  caFile?: string | undefined;
}

export function agentConfig({ device, credsFile, natsUrls, caFile }: AgentSettings): string {
  const settings = stringify({
    agent: { device_id: device },
    credentials: { type: 'creds', file: credsFile },
    nats: { urls: [...natsUrls], ...(caFile ? { ca_file: caFile } : {}) },
  });
  return `# Settings of ${device} for: scorewall-agent --config FILE\n# Keep ${[credsFile, ...(caFile ? [caFile] : [])].join(' and ')} beside this file.\n\n${settings}\n`;
}

/** The answer that carries a device's key: shown once, kept nowhere. */
import type { AddedDevice } from '#contracts/api.ts';
import type { Device } from '#contracts/device.ts';
import type { Hub } from '../hub.ts';
import { agentConfig } from './agent-config.ts';

const CA_FILE = 'ca.pem';

export function toAddedDevice(
  { publicNatsUrls, publicNatsCa }: Hub,
  device: Device,
  revision: number,
  creds: string,
): AddedDevice {
  const credsFile = `${device.name}.creds`;
  return {
    device,
    revision,
    config: {
      fileName: 'agent.toml',
      content: agentConfig({
        device: device.name,
        credsFile,
        natsUrls: publicNatsUrls,
        caFile: publicNatsCa === undefined ? undefined : CA_FILE,
      }),
    },
    creds: { fileName: credsFile, content: creds },
    ...(publicNatsCa === undefined ? {} : { ca: { fileName: CA_FILE, content: publicNatsCa } }),
  };
}

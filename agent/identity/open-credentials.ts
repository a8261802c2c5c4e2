/** The source of credentials that the config asks for. */
import type { AgentConfig } from '../config/agent-config.ts';
import { readHardwareFacts } from '../inventory/hardware-facts.ts';
import type { Logger } from '../log.ts';
import type { AgentTroubles } from '../status/agent-troubles.ts';
import { crashMark } from './crash-mark.ts';
import type { CredentialSource } from './credential-source.ts';
import { CredsFile } from './creds-file.ts';
import type { OfferListener } from './identity-speaker.ts';
import { OidcSource } from './oidc-source.ts';
import { RoadchainSource } from './roadchain-source.ts';
import { tomlShared } from './toml-shared.ts';

export interface Surroundings {
  /** Its path: a join token leaves it once it was used. */
  configFile: string;
  troubles: AgentTroubles;
  onOffer: OfferListener;
  log: Logger;
}

export function openCredentials(config: AgentConfig, { configFile, troubles, onOffer, log }: Surroundings): CredentialSource {
  const { credentials, device, stateDir } = config;
  switch (credentials.type) {
    case 'creds':
      return new CredsFile(credentials.file, device, log);
    case 'toml-shared':
      return tomlShared(device, credentials.user, credentials.pass);
    case 'roadchain':
      return new RoadchainSource({
        device,
        stateDir,
        tokens: credentials,
        configFile,
        hubUrl: credentials.hubUrl,
        tickMs: credentials.tickMs,
        facts: () => readHardwareFacts(stateDir),
        onTrouble: (message) => troubles.set('identity', 'invalid', message),
        onOffer,
        mark: crashMark(),
        log,
      });
    case 'oidc':
      return new OidcSource(credentials, device, stateDir);
  }
}

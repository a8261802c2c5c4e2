/** The agent's version, as it reports it. */
import packageFile from '../package.json' with { type: 'json' };

/** An installed agent is told by its launcher which build it is: several may be of the same release. */
export const AGENT_VERSION: string = process.env.SCOREWALL_AGENT_VERSION || packageFile.version;

/** Version of the hub, as the package says. */
import packageJson from '../package.json' with { type: 'json' };

export const HUB_VERSION: string = packageJson.version;

/** Where the package keeps the config of the agent. */
export const JOIN_CONFIG = '/etc/scorewall/agent.toml';

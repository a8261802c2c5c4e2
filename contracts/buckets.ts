/** Names of the KV buckets and streams, and the headers that ride on their messages. */

export const BUCKET = {
  deployments: 'deployments',
  deploymentStatus: 'deployment-status',
  desiredState: 'desired-state',
  desiredIndex: 'desired-index',
  status: 'status',
  devices: 'devices',
  users: 'users',
  sessions: 'sessions',
  /** Saved walls. */
  walls: 'walls',
  /** Who leads: one key for each job that only one anchor may do. */
  leases: 'leases',
  /** What the hub keeps about the identity of devices beside the ledger. */
  identity: 'identity',
} as const;

export const STREAM = {
  events: 'EVENTS',
  audit: 'AUDIT',
  /** Every entry of every device's identity chain, in the order in which they were sealed. */
  roadchain: 'ROADCHAIN',
} as const;

/** Object store of terminal and screen recordings. */
export const RECORDINGS = 'RECORDINGS';

/** The stream behind a bucket, as NATS names it. */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;

export const desiredKey = (device: string, deployment: string): string => `${device}.${deployment}`;

export function parseDesiredKey(key: string): { device: string; deployment: string } | undefined {
  const [device, deployment, ...rest] = key.split('.');
  return device && deployment && rest.length === 0 ? { device, deployment } : undefined;
}

export const HEADER = {
  /** On `desired-state`: this key belongs to the deployment controller. Keys without it are somebody else's. */
  controller: 'Scorewall-Controller',
  /** On `desired-state`: generation of the deployment it came from. */
  generation: 'Scorewall-Generation',
} as const;
export const CONTROLLER_NAME = 'deployments';

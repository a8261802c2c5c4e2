/** `HOME/run.json`: what `scorewall up` writes when it is ready, for the command line and for scripts. Mode 0600. */
import * as z from 'zod';
import { Name } from './name.ts';

export const RunFile = z.object({
  url: z.string().describe('Where the pages and the REST API are.'),
  natsUrl: z.string(),
  apiToken: z.string().describe("Bearer token with the owner's rights, new at each start."),
  adminCreds: z.string().describe('Path of a NATS .creds file with full rights in the fleet account.'),
  ownerLink: z.string().describe('One-time link that makes the owner; empty once there is one.'),
  caFile: z.string().optional().describe("Path of the fleet's CA certificate, where the pages and NATS speak TLS (`--lan`)."),
  devices: z.array(
    z.object({
      id: Name,
      address: z.string().describe('Loopback address its ports are published on.'),
      engineSocket: z.string().describe("Path of the engine's REST socket."),
    }),
  ),
});
export type RunFile = z.infer<typeof RunFile>;

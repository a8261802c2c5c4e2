/** The anchor process: the hub's REST API, controllers, and the keys behind them. */
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { startAnchor } from './start-anchor.ts';

const log = pino({ name: 'anchor', level: process.env.SCOREWALL_LOG_LEVEL ?? 'info' });

function gibibytes(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value * 1024 ** 3;
  throw new Error(
    `SCOREWALL_RECORDINGS_GB is ${text}, so the hub does not know how much to keep. Set a number above 0, for example 5.`,
  );
}

function minutes(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const value = Number(text);
  if (value >= 1 && value <= 720) return value * 60_000;
  throw new Error(
    `SCOREWALL_PROOF_MINUTES is ${text}, so the hub does not know how long a sign-in counts as a proof. Set 1 to 720, for example 30.`,
  );
}

try {
  const anchor = await startAnchor({
    home: process.env.SCOREWALL_HOME ?? '.scorewall',
    listen: process.env.SCOREWALL_ANCHOR_LISTEN ?? '127.0.0.1:7401',
    publicNatsUrls: (process.env.SCOREWALL_PUBLIC_NATS_URLS ?? '').split(',').filter(Boolean),
    natsCaFile: process.env.SCOREWALL_NATS_CA,
    env: process.env,
    log,
    packageFolders: [process.env.SCOREWALL_PACKAGES ?? '', fileURLToPath(new URL('../dist/packages', import.meta.url))].filter(
      Boolean,
    ),
    proofMs: minutes(process.env.SCOREWALL_PROOF_MINUTES),
    recordingsMaxBytes: gibibytes(process.env.SCOREWALL_RECORDINGS_GB),
  });
  const stop = () => {
    anchor.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  log.fatal({ err: error }, 'the anchor cannot start');
  process.exit(1);
}

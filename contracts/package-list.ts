/** Which agent the hub carries for its devices: written by `npm run package`, read by the front and the anchor. */
import * as z from 'zod';

/** Beside the files it names. */
export const PACKAGE_LIST = 'packages.json';

const CarriedFile = z.object({
  name: z.string().regex(/^[\w.-]{1,80}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
});
export const PackageList = z.object({
  version: z.string().regex(/^[\w.+~-]{1,64}$/),
  builtAt: z.iso.datetime(),
  /** Debian packages, by Debian's names of architectures. */
  files: z.object({ amd64: CarriedFile.optional(), arm64: CarriedFile.optional() }),
  /** The agent's code alone, for devices that have the package. */
  agent: CarriedFile.optional(),
});
export type PackageList = z.infer<typeof PackageList>;

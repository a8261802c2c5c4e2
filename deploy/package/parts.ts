/** What goes into the package beside our own code: which Node, which native modules, each with the checksum it must have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#server/up/build.ts';

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
/** Debian's name. */
export type Architecture = (typeof ARCHITECTURES)[number];

export interface Part {
  name: string;
  version: string;
  /** SHA-512 of the tarball, as npm writes it. */
  integrity: string;
}

const NODE_VERSION = '24.21.0';
const NODE_INTEGRITY: Record<Architecture, string> = {
  amd64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};
/** Node's and npm's name. */
export const NODE_ARCHITECTURE: Record<Architecture, string> = { amd64: 'x64', arm64: 'arm64' };

export const nodePart = (architecture: Architecture): Part => ({
  name: `node-linux-${NODE_ARCHITECTURE[architecture]}`,
  version: NODE_VERSION,
  integrity: NODE_INTEGRITY[architecture],
});

/** What the bundle leaves outside: terminals and small pictures of screens are native code. */
export function moduleParts(architecture: Architecture): Part[] {
  const arch = NODE_ARCHITECTURE[architecture];
  const names = [
    '@lydell/node-pty',
    `@lydell/node-pty-linux-${arch}`,
    'sharp',
    '@img/colour',
    `@img/sharp-linux-${arch}`,
    `@img/sharp-libvips-linux-${arch}`,
    'detect-libc',
    'semver',
  ];
  return names.map(lockedPart);
}

function lockedPart(name: string): Part {
  const lock = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string } | undefined>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version || !integrity)
    throw new Error(`package-lock.json has no checksum for ${name}. The package is not built without it.`);
  return { name, version, integrity };
}

/** The texts of the package that dpkg reads. Pure. */
import type { Architecture } from './parts.ts';

export interface PackageFacts {
  version: string;
  architecture: Architecture;
  installedKb: number;
}

/** `0.1.0+20261121.1640`: a later build of the same release is an upgrade to dpkg. */
export function packageVersion(release: string, builtAt: Date): string {
  const [day, time] = builtAt.toISOString().split('T') as [string, string];
  return `${release}+${day.replaceAll('-', '')}.${time.slice(0, 5).replace(':', '')}`;
}

/** podman is not a dependency: a device may have Docker, and the installer says what it installs. */
export const controlFile = ({ version, architecture, installedKb }: PackageFacts): string => `Package: scorewall-agent
Version: ${version}
Architecture: ${architecture}
Maintainer: Scorewall <scorewall@localhost>
Installed-Size: ${installedKb}
Depends: libc6 (>= 2.28), libstdc++6, passwd
Recommends: podman, uidmap, slirp4netns | passt, fuse-overlayfs, dbus-user-session, libpam-systemd, ca-certificates
Section: admin
Priority: optional
Description: Agent of Scorewall, which keeps on this device what its hub asks for
 Runs containers by podman, reports what runs, and opens terminals, logs and
 screens of this device on the wall. Brings its own Node.
`;

export const noticeFile = (parts: readonly { name: string; version: string }[]): string =>
  `The agent of Scorewall is MIT; see LICENSE.

This package also holds, unchanged, each with its licence beside it or under node_modules:
${parts.map(({ name, version }) => `  ${name} ${version}`).join('\n')}
libvips, in @img/sharp-libvips-linux-*, is LGPL-3.0-or-later: the file may be replaced by another build of it.
`;

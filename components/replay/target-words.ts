/** What was recorded, in words. Pure. */
import type { Recording } from '#contracts/recording.ts';

export function targetWords({ target }: Recording): string {
  switch (target.kind) {
    case 'host':
      return 'Shell of the device';
    case 'exec':
      return `Shell in ${target.service}`;
    case 'attach':
      return `Terminal of ${target.service}`;
    case 'screen':
      return `Screen of ${target.service}`;
  }
}

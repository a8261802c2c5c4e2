/** The token of a face in `peek.<device>.<token>`. Apart from its schema, so that a page may draw before it can parse. Pure. */
import type { Face } from './peek.ts';

export function faceToken(face: Face): string {
  switch (face.kind) {
    case 'services':
      return 'services';
    case 'terminal':
      return face.deployment && face.service ? `term_${face.deployment}_${face.service}` : 'term';
    case 'log':
      return `log_${face.deployment}_${face.service}`;
    case 'screen':
      return `screen_${face.deployment}_${face.service}`;
  }
}

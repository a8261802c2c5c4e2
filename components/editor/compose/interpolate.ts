/** Compose's variables in values: `${TAG:-1.0}` becomes its default, `$$` a dollar; a variable without a default stays and is named. Pure. */

export interface Interpolated {
  text: string;
  /** Variables that had no value and still stand in the text. */
  open: string[];
  /** Variables replaced by their default: `TAG = 1.0`. */
  filled: string[];
}

const VARIABLE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\}|([A-Za-z_]\w*))/g;

export function interpolate(text: string): Interpolated {
  const open: string[] = [];
  const filled: string[] = [];
  const replaced = text.replace(
    VARIABLE,
    (whole, braced: string | undefined, operator: string | undefined, word: string | undefined, bare: string | undefined) => {
      if (whole === '$$') return '$';
      const name = braced ?? bare ?? '';
      if (operator?.endsWith('-')) {
        filled.push(`${name} = ${word || 'empty'}`);
        return word ?? '';
      }
      if (operator?.endsWith('+')) return '';
      open.push(name);
      return whole;
    },
  );
  return { text: replaced, open, filled };
}

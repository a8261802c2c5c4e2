/** Suggests field names and fixed values of a manifest while somebody types, each with its description. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { fieldNames, fieldValues } from './field-names.ts';
import { placeInLine } from './path-above.ts';

const MIN_TYPED = 1;

export function completeManifest(context: CompletionContext): CompletionResult | null {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const { parent, key, typed } = placeInLine(doc.toString().split('\n'), line.number - 1, context.pos - line.from);
  if (!context.explicit && typed.length < MIN_TYPED) return null;
  if (!/^[\w-]*$/.test(typed)) return null;
  const from = context.pos - typed.length;
  if (key !== undefined) {
    const values = fieldValues(parent);
    return values.length > 0 ? { from, options: values.map((label) => ({ label })), validFor: /^[\w-]*$/ } : null;
  }
  const fields = fieldNames(parent);
  if (fields.length === 0) return null;
  return {
    from,
    options: fields.map(({ name, description }) => ({ label: name, apply: `${name}: `, info: description })),
    validFor: /^[\w-]*$/,
  };
}

/** Marks the lines that differ from what is stored: a bar at the left and a word for screen readers. */
import { type EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { diffLines } from '../../manifest/line-diff.ts';

export const markChangedLines = StateEffect.define<string | undefined>();

const changed = Decoration.line({ class: 'cm-changed-line' });

interface Marks {
  base: readonly string[] | undefined;
  lines: DecorationSet;
}

export const changedLines = StateField.define<Marks>({
  create: () => ({ base: undefined, lines: Decoration.none }),
  update(marks, transaction) {
    const effect = transaction.effects.find((one) => one.is(markChangedLines));
    if (!effect && !transaction.docChanged) return marks;
    const base = effect ? (effect.value as string | undefined)?.split('\n') : marks.base;
    return { base, lines: decorate(transaction.state, base) };
  },
  provide: (field) => EditorView.decorations.from(field, (marks) => marks.lines),
});

function decorate(state: EditorState, base: readonly string[] | undefined): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  if (!base) return builder.finish();
  for (const hunk of diffLines(base, state.doc.toString().split('\n')))
    for (let line = hunk.bFrom; line < hunk.bTo; line++) {
      const { from } = state.doc.line(line + 1);
      builder.add(from, from, changed);
    }
  return builder.finish();
}

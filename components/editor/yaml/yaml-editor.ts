/** The YAML editor: CodeMirror with the house's keys and colours. A plain object around one view; React only mounts it. */
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, insertTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  tooltips,
} from '@codemirror/view';
import { MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import { nestsTooDeeply } from '#contracts/nesting.ts';
import type { Range } from '../../manifest/locate.ts';
import type { Fix, ManifestIssue } from '../../manifest/read-manifest.ts';
import { changedLines, markChangedLines } from './changed-lines.ts';
import { completeManifest } from './complete-manifest.ts';
import { minimalChange } from './minimal-change.ts';
import { yamlLook } from './yaml-look.ts';

const fromForm = Annotation.define<boolean>();

export interface YamlEditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  onChange: (text: string) => void;
  onFix: (fix: Fix) => void;
  /** Mod+\: to the same place of the form. */
  onToForm: (offset: number) => void;
}

export class YamlEditor {
  readonly #view: EditorView;
  readonly #onFix: (fix: Fix) => void;

  constructor({ parent, text, label, onChange, onFix, onToForm }: YamlEditorOptions) {
    this.#onFix = onFix;
    const tab = new Compartment();
    const language = new Compartment();
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          indentUnit.of('  '),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          // The pane cuts off what hangs over its edge.
          tooltips({ position: 'fixed' }),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
          language.of(languageFor(text)),
          EditorState.transactionExtender.of((transaction) => {
            const wanted = transaction.docChanged ? languageFor(transaction.newDoc.toString()) : undefined;
            const same = wanted === undefined || wanted === language.get(transaction.startState);
            return same ? null : { effects: language.reconfigure(wanted) };
          }),
          autocompletion({ override: [completeManifest], icons: false }),
          changedLines,
          yamlLook,
          keymap.of([
            {
              key: 'Mod-\\',
              run: (view) => {
                onToForm(view.state.selection.main.head);
                return true;
              },
            },
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          tab.of([]),
          EditorView.updateListener.of((update) => {
            const typed = update.docChanged && !update.transactions.some((one) => one.annotation(fromForm));
            if (!typed) return;
            // Tab moves on until the person has typed something here: no trap for those who only pass through.
            if (tab.get(update.state) === NO_TAB)
              queueMicrotask(() => this.#view.dispatch({ effects: tab.reconfigure(TAB_INSERTS) }));
            onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    this.#view.dispatch({ effects: tab.reconfigure(NO_TAB) });
    this.#view.contentDOM.addEventListener('blur', () => this.#view.dispatch({ effects: tab.reconfigure(NO_TAB) }));
  }

  /** Takes over a text that was changed elsewhere; the caret stays where it is. */
  setText(text: string): void {
    const changes = minimalChange(this.#view.state.doc.toString(), text);
    if (changes) this.#view.dispatch({ changes, annotations: fromForm.of(true) });
  }

  setIssues(issues: readonly ManifestIssue[]): void {
    const { length } = this.#view.state.doc;
    const diagnostics = issues.map((issue) => ({
      from: Math.min(issue.from, length),
      to: Math.min(Math.max(issue.to, issue.from), length),
      severity: issue.severity === 'note' ? ('info' as const) : issue.severity,
      message: issue.message,
      actions: (issue.fixes ?? []).map((fix) => ({ name: fix.label, apply: () => this.#onFix(fix) })),
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  setBase(base: string | undefined): void {
    this.#view.dispatch({ effects: markChangedLines.of(base) });
  }

  show({ from, to }: Range): void {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({
      selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      effects: EditorView.scrollIntoView(Math.min(from, length), { y: 'center' }),
    });
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}

const YAML: Extension = yaml();
const PLAIN: Extension = [];

/** The highlighter recurses and re-reads: what is no manifest anyway is shown as plain text. */
const languageFor = (text: string): Extension => (text.length > MAX_MANIFEST_BYTES || nestsTooDeeply(text) ? PLAIN : YAML);

const NO_TAB: Extension = [];
const TAB_INSERTS: Extension = keymap.of([{ key: 'Tab', run: insertTab, shift: indentLess }]);

/** How an author lays out YAML, read from the text, so that what a form writes looks like the rest. */
import { type Document, isMap, isScalar, Scalar, type ToStringOptions, visit, YAMLMap, YAMLSeq } from 'yaml';

export function styleOf(text: string): ToStringOptions {
  const indents = [...text.matchAll(/^( +)(?=[^\s#-])/gm)].map((match) => match[1]!.length);
  const smallest = Math.min(...indents, 8);
  const flat = /^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n(?: *#[^\n]*\n| *\n)*\1- /m.test(text);
  const padded = (text.match(/[[{] +\S/g) ?? []).length;
  const tight = (text.match(/[[{][^\s\]}]/g) ?? []).length;
  return {
    lineWidth: 0,
    minContentWidth: 0,
    indent: smallest >= 4 && smallest < 8 ? 4 : 2,
    indentSeq: !flat,
    flowCollectionPadding: padded > tight,
    nullStr: text.includes('~') ? '~' : 'null',
  };
}

/** Short lists of plain values stand in one line; text that YAML 1.1 readers would take for a number is quoted. */
export function toNode(document: Document, value: unknown): unknown {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(document.createNode([node]) as YAMLSeq, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && /^[\d.:]+(\/(tcp|udp|sctp))?$/.test(scalar.value))
        scalar.type = Scalar.QUOTE_DOUBLE;
    },
    Seq(_, seq) {
      if (seq.items.every(isScalar) && seq.items.length > 0 && String(seq.items.join(', ')).length < 60) seq.flow = true;
    },
  });
  return node;
}

/** `8080:80` is a number to base 60 for YAML 1.1 readers. */
export const readsAsNumber = (text: string): boolean => /^[\d.:]+(\/(tcp|udp|sctp))?$/.test(text);

/** Removes an empty list or map in place of leaving `ports: []` behind. */
export const isEmptyCollection = (node: unknown): boolean =>
  (node instanceof YAMLSeq || node instanceof YAMLMap || isMap(node)) && node.items.length === 0;

'use client';
/** YamlPane: mounts the YAML editor and keeps it in step with the document. Loaded only when an editor is opened. */
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { Range } from '../../manifest/locate.ts';
import { useEditing } from '../editing.ts';
import { YamlEditor } from './yaml-editor.ts';

export interface YamlPaneHandle {
  show: (range: Range) => void;
}

interface YamlPaneProps {
  /** What is stored now; lines that differ are marked. */
  base: string | undefined;
  onToForm: (offset: number) => void;
  handle: Ref<YamlPaneHandle>;
}

export function YamlPane({ base, onToForm, handle }: YamlPaneProps) {
  const { manifest, issues, edit, applyFix } = useEditing();
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor>(undefined);
  const latest = useRef({ text: manifest.text, edit, applyFix, onToForm });
  latest.current = { text: manifest.text, edit, applyFix, onToForm };

  useEffect(() => {
    if (!parent.current) return;
    const made = new YamlEditor({
      parent: parent.current,
      text: latest.current.text,
      label: 'Manifest as YAML. Escape, then Tab leaves it.',
      onChange: (text) => latest.current.edit(() => text),
      onFix: (fix) => latest.current.applyFix(fix),
      onToForm: (offset) => latest.current.onToForm(offset),
    });
    editor.current = made;
    return () => {
      editor.current = undefined;
      made.destroy();
    };
  }, []);

  useEffect(() => editor.current?.setText(manifest.text), [manifest.text]);
  useEffect(() => editor.current?.setIssues(issues), [issues]);
  useEffect(() => editor.current?.setBase(base), [base]);
  useImperativeHandle(handle, () => ({ show: (range) => editor.current?.show(range) }), []);

  return <div ref={parent} className="h-full min-h-0" />;
}

'use client';
/** CopyButton: <CopyButton text={toml} label="Copy" />. Where the browser blocks copying it selects `source` and says which keys to press. */
import { type RefObject, useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';
import { toast } from './toast.tsx';

const SHOWN_MS = 2_000;

interface CopyButtonProps {
  text: string;
  label?: string;
  look?: ButtonLook;
  /** The element that shows the text, to be selected where copying is blocked. */
  source?: RefObject<HTMLElement | null>;
}

export function CopyButton({ text, label = 'Copy', look, source }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch {
      if (source?.current) window.getSelection()?.selectAllChildren(source.current);
      toast({ title: 'Your browser blocks copying here.', text: 'The text is selected. Press Ctrl+C.' });
    }
  }
  return (
    <Button look={look ?? 'plain'} onClick={copy}>
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  );
}

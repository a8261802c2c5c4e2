'use client';
/** The last lines of a service's log as plain text: no escape sequence gets this far, levels have their colour. */
import { useEffect, useRef, useState } from 'react';
import type { Face, LogPeek } from '#contracts/peek.ts';
import { type LogLevel, levelOf, plainText } from './log-line.ts';
import { faceKey, usePeekClient, usePeekSource } from './use-peek.ts';

interface PeekLogProps {
  device: string;
  face: Extract<Face, { kind: 'log' }>;
  frozen: boolean;
}

/** 1.125rem */
const LINE_PX = 18;
const LEVELS: Readonly<Record<LogLevel, string>> = {
  error: 'text-[#ff9a8f]',
  warning: 'text-[#fad571]',
  plain: 'text-[#eef2ff]',
  quiet: 'text-[#a9b4d0]',
};

export function PeekLog({ device, face, frozen }: PeekLogProps) {
  const client = usePeekClient();
  const source = usePeekSource(device, face);
  const box = useRef<HTMLDivElement>(null);
  const held = useRef(frozen);
  const [lines, setLines] = useState<LogPeek['lines']>([]);
  const [rows, setRows] = useState(0);
  held.current = frozen;

  useEffect(() => {
    if (!box.current) return undefined;
    const unwatch = client.watch(box.current, {
      source,
      onSize: ({ height }, ratio) => setRows(Math.max(1, Math.floor(height / ratio / LINE_PX))),
    });
    const unview = source.view((picture) => {
      if (!held.current && picture.kind === 'log') setLines(picture.lines);
    });
    return () => {
      unview();
      unwatch();
    };
  }, [client, source]);

  useEffect(() => {
    if (!frozen && source.picture?.kind === 'log') setLines(source.picture.lines);
  }, [frozen, source]);

  const shown = rows === 0 ? [] : lines.slice(-rows);
  return (
    <div
      ref={box}
      aria-hidden="true"
      data-peek={faceKey(face)}
      className="absolute inset-0 overflow-hidden bg-term px-2 font-mono text-13 leading-[1.125rem]"
    >
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of text without state; the same line may stand there twice
        <Line key={index} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { line: LogPeek['lines'][number] }) {
  const text = plainText(line.x);
  if (line.o === 'gap' || line.o === 'event')
    return <p className="h-[1.125rem] truncate text-[#a9b4d0] italic">{`─ ${text || 'lines that are not here'}`}</p>;
  return <p className={`h-[1.125rem] truncate whitespace-pre ${LEVELS[levelOf(text)]}`}>{text || ' '}</p>;
}

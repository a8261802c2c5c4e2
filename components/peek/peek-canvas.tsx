'use client';
/** A terminal or a desktop on a canvas: the device's pixels, no React in between. */
import { useEffect, useRef } from 'react';
import type { Face } from '#contracts/peek.ts';
import type { PixelSize } from './picture-geometry.ts';
import { ScreenSurface } from './screen-surface.ts';
import { TerminalSurface } from './terminal-surface.ts';
import { faceKey, usePeekClient, usePeekSource } from './use-peek.ts';

interface PeekCanvasProps {
  device: string;
  face: Extract<Face, { kind: 'terminal' | 'screen' }>;
  /** The picture that stands now stays. */
  frozen: boolean;
}

export function PeekCanvas({ device, face, frozen }: PeekCanvasProps) {
  const client = usePeekClient();
  const source = usePeekSource(device, face);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef(frozen);
  const show = useRef<() => void>(undefined);
  held.current = frozen;

  useEffect(() => {
    if (!box.current || !canvas.current) return undefined;
    const [terminal, screen] =
      face.kind === 'terminal'
        ? [new TerminalSurface(canvas.current), undefined]
        : [undefined, new ScreenSurface(canvas.current)];
    const draw = () => {
      if (held.current || !source.picture) return;
      if (source.picture.kind === 'terminal') terminal?.show(source.picture.terminal);
      else if (source.picture.kind === 'screen') screen?.show(source.picture.screen);
    };
    show.current = draw;
    const onSize = (size: PixelSize, ratio: number) => {
      terminal?.resize(size, ratio);
      screen?.resize(size);
    };
    const unwatch = client.watch(box.current, { source, onSize });
    const unview = source.view(draw);
    return () => {
      unview();
      unwatch();
      terminal?.close();
      screen?.close();
    };
  }, [client, source, face.kind]);

  useEffect(() => {
    if (!frozen) show.current?.();
  }, [frozen]);

  return (
    <div ref={box} aria-hidden="true" data-peek={faceKey(face)} className="absolute inset-0 bg-term">
      <canvas ref={canvas} className="absolute inset-0 size-full" />
    </div>
  );
}

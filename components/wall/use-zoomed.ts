'use client';
/** Which tile is open and at which view, kept in the address: a reload keeps it, and the way back closes it. */
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export const ZOOM_VIEWS = ['screen', 'terminal', 'logs', 'services', 'info'] as const;
export type ZoomView = (typeof ZOOM_VIEWS)[number];
export type OpenZoom = (name: string | undefined, view?: ZoomView) => void;

interface Zoomed {
  name: string | undefined;
  /** Undefined: what suits the device. */
  view: ZoomView | undefined;
  zoom: OpenZoom;
}

export function useZoomed(): Zoomed {
  const parameters = useSearchParams();
  const zoom = useCallback<OpenZoom>((name, view) => {
    const url = new URL(window.location.href);
    const open = url.searchParams.has('tile');
    url.searchParams.delete('tile');
    url.searchParams.delete('view');
    if (name) url.searchParams.set('tile', name);
    if (name && view) url.searchParams.set('view', view);
    if (open) window.history.replaceState(null, '', url);
    else if (name) window.history.pushState(null, '', url);
  }, []);
  return {
    name: parameters.get('tile') ?? undefined,
    view: ZOOM_VIEWS.find((view) => view === parameters.get('view')),
    zoom,
  };
}

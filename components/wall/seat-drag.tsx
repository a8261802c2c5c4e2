'use client';
/** Tiles are dragged onto each other and change places: the same as Shift with an arrow, and as "Move to …" in the tile's menu. */
import { DndContext, type DragEndEvent, PointerSensor, useDraggable, useDroppable, useSensor, useSensors } from '@dnd-kit/core';
import type { CSSProperties, ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

/** Less is a press, not a drag. */
const DRAG_FROM_PX = 8;
/** The wall's own live region says what happened. */
const SILENT = {
  announcements: {
    onDragStart: () => undefined,
    onDragOver: () => undefined,
    onDragEnd: () => undefined,
    onDragCancel: () => undefined,
  },
  screenReaderInstructions: { draggable: '' },
  restoreFocus: false,
};

export function SeatDrag({ onSwap, children }: { onSwap: (a: string, b: string) => void; children: ReactNode }) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: DRAG_FROM_PX } }));
  function end({ active, over }: DragEndEvent) {
    if (over && over.id !== active.id) onSwap(String(active.id), String(over.id));
  }
  return (
    <DndContext sensors={sensors} accessibility={SILENT} onDragEnd={end}>
      {children}
    </DndContext>
  );
}

interface SeatProps {
  className: string;
  style: CSSProperties;
  children: ReactNode;
}

export function DragSeat({ name, className, style, children }: SeatProps & { name: string }) {
  const drag = useDraggable({ id: name });
  const drop = useDroppable({ id: name });
  const { transform } = drag;
  return (
    <div
      ref={(element) => {
        drag.setNodeRef(element);
        drop.setNodeRef(element);
      }}
      {...(isTouch() ? {} : drag.listeners)}
      data-tile={name}
      style={{ ...style, ...(transform ? { transform: `translate(${transform.x}px, ${transform.y}px)`, zIndex: 20 } : {}) }}
      className={classNames(className, 'seat', drop.isOver && !drag.isDragging && 'seat-over', drag.isDragging && 'opacity-80')}
    >
      {children}
    </div>
  );
}

/** A finger on a tile scrolls the wall; there the menu moves tiles. */
const isTouch = (): boolean => typeof matchMedia !== 'undefined' && matchMedia('(pointer: coarse)').matches;

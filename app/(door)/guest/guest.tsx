'use client';
import dynamic from 'next/dynamic';
import { GuestDoor } from '#components/auth/guest-door.tsx';

const GuestTerminal = dynamic(() => import('#components/terminal/guest-terminal.tsx').then((module) => module.GuestTerminal), {
  ssr: false,
});

export function Guest() {
  return <GuestDoor terminal={GuestTerminal} />;
}

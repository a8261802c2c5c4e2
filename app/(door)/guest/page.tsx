import type { Metadata } from 'next';
import { GuestDoor } from '#components/auth/guest-door.tsx';
import { GuestTerminal } from '#components/terminal/guest-terminal.tsx';

export const metadata: Metadata = { title: 'A terminal' };

export default function Page() {
  return <GuestDoor terminal={GuestTerminal} />;
}

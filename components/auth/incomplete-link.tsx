import Link from 'next/link';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';

/** A one-time link without its secret: mail programs and chats cut addresses at the `#`. */
export function IncompleteLink({ effect }: { effect: string }) {
  return (
    <DoorCard title="Scorewall" note="This address has no key in it.">
      <ErrorNote fact="The link is not complete." effect={effect} />
      <Link href="/login" className="text-center text-accent underline-offset-2 hover:underline">
        To the login page
      </Link>
    </DoorCard>
  );
}

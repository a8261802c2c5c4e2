'use client';
/** AccountMenu: your ways in, people, help on keys, and signing out. */
import { Ellipsis } from 'lucide-react';
import { useMe } from '../live/use-me.ts';
import { IconButton } from './button.tsx';
import { Menu } from './menu.tsx';
import { request } from './requests.ts';

async function signOut(): Promise<void> {
  // Whatever the hub says, the way out is the login page: there a session that still holds is visible.
  const { api } = await import('../live/api-client.ts');
  // Who came from a provider of accounts is led to its own way out.
  const { url } = await api.logout().catch(() => ({ url: undefined }));
  // As where the session ended by itself: whoever signs in next is back on the page that was left.
  window.location.assign(url ?? `/login?next=${encodeURIComponent(window.location.pathname)}`);
}

export function AccountMenu() {
  const me = useMe();
  return (
    <Menu
      trigger={
        <IconButton label="Account">
          <Ellipsis size={20} strokeWidth={1.75} />
        </IconButton>
      }
      items={[
        { label: 'You', href: '/you' },
        { label: 'People', href: '/people' },
        ...(me?.rights.includes('manage') ? [{ label: 'Audit', href: '/audit' }] : []),
        { label: 'Keys', hint: '?', onSelect: () => request('keys') },
        'separator',
        { label: 'Sign out', hint: me?.user, onSelect: () => void signOut() },
      ]}
    />
  );
}

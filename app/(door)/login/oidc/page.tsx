import type { Metadata } from 'next';
import { ProviderDoor } from '#components/auth/provider-door.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return <ProviderDoor />;
}

import type { Metadata } from 'next';
import { JoinForm } from '#components/auth/join-form.tsx';

export const metadata: Metadata = { title: 'Welcome' };

export default function Page() {
  return <JoinForm />;
}

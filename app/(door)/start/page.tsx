import type { Metadata } from 'next';
import { StartForm } from '#components/auth/start-form.tsx';

export const metadata: Metadata = { title: 'Your wall' };

export default function Page() {
  return <StartForm />;
}

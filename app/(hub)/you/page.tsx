import type { Metadata } from 'next';
import { YouPage } from '#components/auth/you-page.tsx';

export const metadata: Metadata = { title: 'You' };

export default function Page() {
  return <YouPage />;
}

import type { Metadata } from 'next';
import { Guest } from './guest.tsx';

export const metadata: Metadata = { title: 'A terminal' };

export default function Page() {
  return <Guest />;
}

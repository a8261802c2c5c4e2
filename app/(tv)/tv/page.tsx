import type { Metadata } from 'next';
import { Tv } from '../tv.tsx';

export const metadata: Metadata = { title: 'TV' };

export default function Page() {
  return <Tv />;
}

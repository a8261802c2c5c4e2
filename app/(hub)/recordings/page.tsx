import type { Metadata } from 'next';
import { RecordingsPage } from '#components/replay/recordings-page.tsx';
import { Name } from '#contracts/name.ts';

export const metadata: Metadata = { title: 'Recordings' };

interface Props {
  searchParams: Promise<{ device?: string | string[] }>;
}

export default async function Page({ searchParams }: Props) {
  return <RecordingsPage device={Name.safeParse((await searchParams).device).data} />;
}

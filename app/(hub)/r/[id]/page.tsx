import type { Metadata } from 'next';
import { ReplayPage } from '#components/replay/replay-page.tsx';

export const metadata: Metadata = { title: 'Recording' };

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ t?: string | string[] }>;
}

export default async function Page({ params, searchParams }: Props) {
  const t = Number((await searchParams).t);
  return <ReplayPage id={(await params).id} startAt={Number.isFinite(t) && t > 0 ? t : 0} />;
}

import type { Metadata } from 'next';
import { DevicePage } from '#components/device/device-page.tsx';
import { displayName } from '#contracts/device.ts';

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: displayName((await params).name) };
}

export default async function Page({ params }: Props) {
  return <DevicePage name={(await params).name} />;
}

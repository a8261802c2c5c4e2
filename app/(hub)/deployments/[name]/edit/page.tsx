import type { Metadata } from 'next';
import { EditorPage } from '#components/editor/editor-page.tsx';

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Edit ${(await params).name}` };
}

export default async function Page({ params }: Props) {
  return <EditorPage name={(await params).name} />;
}

import type { Metadata } from 'next';
import { EditorPage } from '#components/editor/editor-page.tsx';

export const metadata: Metadata = { title: 'New deployment' };

export default function Page() {
  return <EditorPage />;
}

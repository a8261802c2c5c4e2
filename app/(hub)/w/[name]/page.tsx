import { WallPage } from '#components/wall/wall-page.tsx';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params;
  return <WallPage key={name} name={decodeURIComponent(name)} />;
}

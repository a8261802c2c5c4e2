import { WallPage } from '#components/wall/wall-page.tsx';

export default function Page() {
  return <WallPage />;
}

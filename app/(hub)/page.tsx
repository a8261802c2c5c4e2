import { WallPage } from '#components/wall/wall-page.tsx';
import { MAIN_WALL } from '#contracts/wall-defaults.ts';

export default function Page() {
  return <WallPage name={MAIN_WALL} />;
}

/** The face of a service's desktop: small JPEGs from the one connection that all small pictures of it share. */
import { encodeScreenPeek, type Face } from '#contracts/peek.ts';
import type { ScreenDoor } from '../screens/screen-door.ts';
import type { ScreenPictures } from '../screens/screen-pictures.ts';
import { type FaceMaker, type PeekPace, TickingFeed } from './peek-feed.ts';

export type ScreenFace = Extract<Face, { kind: 'screen' }>;

export function screenFace({ door, pictures }: { door: ScreenDoor; pictures: ScreenPictures }): FaceMaker<ScreenFace> {
  const toPace = ({ fps, width, height }: PeekPace) => ({ fps, box: { width, height } });
  return {
    whyNot: (face) => door.whyNot(face)?.message,
    start: (face, pace, sink) => {
      const follower = pictures.follow(face, toPace(pace));
      const make = (whole: boolean) => {
        sink.tell(follower.trouble);
        const picture = follower.take(whole);
        return picture && encodeScreenPeek(picture);
      };
      const feed = new TickingFeed(pace, sink, make, () => follower.close());
      return {
        setPace: (next) => {
          follower.pace = toPace(next);
          feed.setPace(next);
        },
        resync: () => feed.resync(),
        stop: () => feed.stop(),
      };
    },
  };
}

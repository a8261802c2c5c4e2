/** What is asked of the devices for the tiles in sight: how often each picture may come, and one request for each device. Pure. */

import { faceToken } from '#contracts/face-token.ts';
import type { Face, PeekRequest } from '#contracts/peek.ts';

export interface Look {
  device: string;
  face: Face;
  /** Device pixels of the picture on the wall. */
  width: number;
  height: number;
  /** Lines of text that fit. */
  rows: number;
  resync: boolean;
}

const MOST_LOOKS = 8;
const LARGEST = { width: 1_920, height: 1_200, rows: 100 } as const;
const SMALLEST_PX = 16;

/** Pictures a second, by how many tiles share the page: the whole wall costs about the same. */
const RATES: readonly [upTo: number, fps: number][] = [
  [9, 4],
  [16, 3],
  [30, 2],
  [50, 1],
];
const LEAST_FPS = 0.5;

export function framesPerSecond(kind: Face['kind'], count: number): number {
  const fps = RATES.find(([upTo]) => count <= upTo)?.[1] ?? LEAST_FPS;
  // A desktop costs its device a picture to pack, a log is read by nobody faster than this.
  return kind === 'screen' || kind === 'log' ? Math.max(LEAST_FPS, fps / 2) : fps;
}

export function requestsFor(looks: readonly Look[]): Map<string, PeekRequest> {
  const requests = new Map<string, PeekRequest>();
  const known = new Map<string, PeekRequest['looks'][number]>();
  for (const { device, face, resync, ...size } of looks) {
    if (face.kind === 'services') continue;
    const key = `${device}.${faceToken(face)}`;
    const width = within(size.width, SMALLEST_PX, LARGEST.width);
    const height = within(size.height, SMALLEST_PX, LARGEST.height);
    const rows = within(size.rows, 1, LARGEST.rows);
    const same = known.get(key);
    if (same) {
      // Two tiles of one picture: the larger one decides.
      Object.assign(same, {
        width: Math.max(same.width, width),
        height: Math.max(same.height, height),
        rows: Math.max(same.rows, rows),
        ...(resync ? { resync } : {}),
      });
      continue;
    }
    const request = requests.get(device) ?? { looks: [] };
    if (request.looks.length >= MOST_LOOKS) continue;
    const look = { face, fps: framesPerSecond(face.kind, looks.length), width, height, rows, ...(resync ? { resync } : {}) };
    request.looks.push(look);
    known.set(key, look);
    requests.set(device, request);
  }
  return requests;
}

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(most, Math.round(value)));

/** A service with a real desktop and no image to build: this machine's own Xvnc and xterm, mounted read-only into any image. */
import type { PodmanService } from '#contracts/score/service.ts';

export interface VncServiceOptions {
  name?: string;
  /** Any image that is there; nothing of it is used. */
  image: string;
  /** A shell line that draws on the desktop; without it a terminal that counts. */
  client?: string;
  geometry?: string;
  ports?: readonly string[];
}

export const VNC_PORT = 5900;

/** Counts, so that the picture moves. */
export const COUNTING = 'xterm -geometry 60x15+20+20 -e sh -c \'i=0; while :; do i=$((i+1)); echo "count $i"; sleep 0.2; done\'';
/** Under the pointer, where a desktop without a window manager sends its keys. Writes each line it gets into /tmp/typed, on a desktop that otherwise stands still. */
export const TYPING = "xterm -geometry 90x30+0+0 -e sh -c 'cat > /tmp/typed'";

const OF_THIS_MACHINE = ['/usr', '/lib', '/lib64', '/bin', '/etc/fonts', '/etc/alternatives', '/etc/X11'];

export function vncService({
  name = 'desk',
  image,
  client = COUNTING,
  geometry = '640x480',
  ports,
}: VncServiceOptions): PodmanService {
  const server = `Xvnc :0 -geometry ${geometry} -depth 24 -SecurityTypes None -AlwaysShared -BlacklistThreshold 1000000 -rfbport ${VNC_PORT} -desktop ${name}`;
  const script = `mkdir -p /tmp/.X11-unix; ${server} & sleep 0.5; while :; do ${client}; sleep 0.2; done`;
  return {
    name,
    image,
    command: ['/bin/sh', '-c', script],
    env: { DISPLAY: ':0', HOME: '/tmp', PATH: '/usr/bin:/bin' },
    volumes: OF_THIS_MACHINE.map((path) => `${path}:${path}:ro`),
    tmpfs: ['/tmp', '/run'],
    stopTimeoutSeconds: 0,
    screen: { kind: 'vnc', port: VNC_PORT },
    ...(ports ? { ports: [...ports] } : {}),
  };
}

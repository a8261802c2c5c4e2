/** What nine devices do in the pictures of the README: small real programs in busybox's shell, each in a container of its own. */
import type { PodmanService } from '#contracts/score/service.ts';

const IMAGE = 'localhost/scorewall/hello:1';

export interface Shown {
  device: string;
  deployment: string;
  services: PodmanService[];
}

const script = (name: string, lines: string[], more: Partial<PodmanService> = {}): PodmanService => ({
  name,
  image: IMAGE,
  command: ['/bin/busybox', 'sh', '-c', lines.join('\n')],
  stopTimeoutSeconds: 1,
  ...more,
});

/** A program that lives in a terminal of its own. */
const inTerminal = (name: string, lines: string[]): PodmanService => script(name, lines, { screen: { kind: 'terminal' } });

const CAMERA = [
  'i=8800',
  'while :; do',
  '  i=$((i+1))',
  '  case $((i % 7)) in',
  '    0|3) printf "\\033[32m%s\\033[0m frame %d \\033[1mperson\\033[0m 0.%d\\n" "$(date +%T)" $i $((80 + i % 19));;',
  '    5) printf "\\033[33m%s\\033[0m frame %d dog 0.%d\\n" "$(date +%T)" $i $((60 + i % 30));;',
  '    *) printf "\\033[90m%s\\033[0m frame %d -\\n" "$(date +%T)" $i;;',
  '  esac',
  '  sleep 0.4',
  'done',
];

const TALKER = [
  'say() { printf "\\n\\033[36m> %s\\033[0m\\n" "$1"; sleep 1; for w in $2; do printf "%s " "$w"; sleep 0.15; done; printf "\\n\\033[90m%s tok/s\\033[0m\\n" "$3"; sleep 2; }',
  'while :; do',
  '  say "why is the sky blue" "Because shorter waves of light scatter more on the way through the air, and blue is short." 12',
  '  say "and at sunset?" "Then the light has come a longer way, the blue is gone from it, and what is left is red." 11',
  '  say "what does aria see" "Aria saw a person at the door eleven seconds ago, and a dog before that." 12',
  'done',
];

const GAUGES = [
  'n=0',
  'bar() { printf "%-8s \\033[%sm" "$1" "$3"; i=0; while [ $i -lt 24 ]; do [ $i -lt "$2" ] && printf "#" || printf "."; i=$((i+1)); done; printf "\\033[0m %3d %%\\n" $(($2 * 100 / 24)); }',
  'while :; do',
  '  n=$((n+1))',
  '  printf "\\033[H\\033[2J\\033[1mGreenhouse\\033[0m  %s\\n\\n" "$(date +%T)"',
  '  bar water $((8 + n % 13)) 34; bar light $((12 + (n * 7) % 11)) 33; bar heat $((5 + (n * 3) % 9)) 31; bar air $((15 + n % 5)) 36',
  '  printf "\\nvalve %s   pump on   lamp auto\\n" "$([ $((n % 6)) -lt 3 ] && echo open || echo shut)"',
  '  sleep 0.7',
  'done',
];

const BROKER = [
  'n=0',
  'while :; do',
  '  n=$((n+1))',
  '  [ $((n % 11)) -eq 0 ] && echo "$(date +%T) WARN  client kitchen is slow, 40 messages wait"',
  '  [ $((n % 29)) -eq 0 ] && echo "$(date +%T) ERROR client garage closed the connection" >&2',
  '  echo "$(date +%T) INFO  publish door/state $n to 4 clients in $((n % 5 + 1)) ms"',
  '  sleep 0.5',
  'done',
];

const JOBS = [
  'n=100',
  'while :; do',
  '  n=$((n+1))',
  '  echo "{\\"time\\":\\"$(date +%FT%TZ)\\",\\"level\\":\\"info\\",\\"job\\":$n,\\"message\\":\\"label printed\\",\\"ms\\":$((n % 70 + 8))}"',
  '  sleep 0.8',
  'done',
];

const TOP = ['while :; do /bin/busybox top -b -n 1 | /bin/busybox head -n 22; sleep 1; printf "\\033[H\\033[2J"; done'];

const BUILD = [
  'while :; do',
  '  for f in main link frame peek wall seat plate glance caption steps broadcast replay; do printf "  compile  src/%s.c\\n" $f; sleep 0.3; done',
  '  printf "\\033[32m  linked   firmware.elf  412 KB\\033[0m\\n  flash    "; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf "="; sleep 0.2; done; printf " done\\n\\n"; sleep 2',
  'done',
];

export const SHOWN: readonly Shown[] = [
  { device: 'alice', deployment: 'vision', services: [inTerminal('camera', CAMERA)] },
  { device: 'aria', deployment: 'broker', services: [script('mqtt', BROKER), script('cache', ['while :; do sleep 60; done'])] },
  { device: 'lucidia', deployment: 'talker', services: [inTerminal('answers', TALKER)] },
  { device: 'silas', deployment: 'greenhouse', services: [inTerminal('gauges', GAUGES)] },
  { device: 'cecilia', deployment: 'printer', services: [script('labels', JOBS)] },
  { device: 'olympia', deployment: 'build', services: [inTerminal('firmware', BUILD)] },
  { device: 'shellfish', deployment: 'load', services: [inTerminal('top', TOP)] },
  { device: 'anna', deployment: 'door', services: [inTerminal('watch', CAMERA)] },
];

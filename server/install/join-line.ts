/** What a person carries to a new device: the one line to paste, or a file for an SD card's boot partition. Pure. */

export interface JoinLineInput {
  /** Where the hub answers, as the device reaches it: `https://192.168.1.10:7400`. */
  url: string;
  token: string;
  /** SHA-256 of the hub's TLS key (SPKI), base64, where its certificate is its own: curl then takes this key and no other. */
  pin?: string | undefined;
  /** Containers run as root: ports below 1024, and some devices. */
  rootful?: boolean | undefined;
}

export interface BootFile {
  name: string;
  text: string;
}

const PIN = /^[A-Za-z0-9+/]{43}=$/;
const TOKEN = /^[A-Za-z0-9_.-]{1,2048}$/;
const URL_FORM = /^https?:\/\/[A-Za-z0-9.:[\]-]+$/;

/** `curl -fsSL URL/join | sh -s -- TOKEN`. The token is no part of the address, so it is in no log of a server. */
export function joinLine(input: JoinLineInput): string {
  const { url, token, pin, rootful } = checked(input);
  return `curl ${curlFlags(pin)} ${url}/join | sh -s -- ${token}${rootful ? ' --rootful' : ''}`;
}

/**
 * `vendor-data` beside the `user-data` that Raspberry Pi Imager writes for today's images (trixie, and Ubuntu): cloud-init runs it once,
 * after the network is there, and it leaves the name, user and Wi-Fi of the Imager alone.
 */
export function bootFile(input: JoinLineInput): BootFile {
  const { url, token, pin, rootful } = checked(input);
  return {
    name: 'vendor-data',
    text: `#!/bin/sh
# Joins this device to the wall at ${url} at its first start, and removes itself: it holds a key that is good once.
exec >>/var/log/scorewall-join.log 2>&1
script=$(mktemp) || exit 1
try=0
until curl ${curlFlags(pin)} -o "$script" ${url}/join; do
  try=$((try + 1))
  if [ "$try" -ge 60 ]; then
    echo "${url} did not answer for ten minutes. Same network? Then paste the line of the wall on this device."
    exit 1
  fi
  sleep 10
done
sh "$script" ${token}${rootful ? ' --rootful' : ''}
result=$?
rm -f "$script"
if [ "$result" -eq 0 ]; then
  rm -f /boot/firmware/vendor-data /var/lib/cloud/instance/scripts/vendor/* /var/lib/cloud/instance/vendor-data.txt*
fi
exit "$result"
`,
  };
}

/** `-k` only beside the pin, which is the stricter check: curl still refuses every other key. */
export const curlFlags = (pin: string | undefined): string => (pin ? `-fsSLk --pinnedpubkey sha256//${pin}` : '-fsSL');

/** The line is pasted into a root shell: nothing in it may mean anything but itself. */
function checked(input: JoinLineInput): JoinLineInput {
  if (!URL_FORM.test(input.url)) throw new Error(`${JSON.stringify(input.url)} is no address of a hub.`);
  if (!TOKEN.test(input.token)) throw new Error('This is no join token.');
  if (input.pin !== undefined && !PIN.test(input.pin)) throw new Error('This is no SHA-256 of a key, in base64.');
  return input;
}

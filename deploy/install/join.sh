#!/bin/sh
# Joins this machine to a Scorewall. The hub fills in the lines marked so; the token comes behind `sh -s --`.
# All of it is one function, called on the last line: a download that was cut off runs nothing.
scorewall_join() {
set -eu
umask 022
# Ubuntu's needrestart would restart services of others behind every call of apt.
export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
VERSION='@VERSION@'      # of the agent that the hub carries
BUILT='@BUILT@'          # when it was built, in seconds: no right clock is before that
SHA256_amd64='@SHA256_amd64@'
SHA256_arm64='@SHA256_arm64@'

TOKEN='' NAME='' ROOTFUL='' SYSTEMD=yes STAGE=contacted WORK=''
CONFIG=/etc/scorewall/agent.toml
STATE=/var/lib/scorewall
REMOVE='sudo apt-get purge scorewall-agent'

say() { printf '%s\n' "$*"; }
step() { printf '* %s\n' "$*"; }
# What happened, and one next step; the page shows the same.
fail() {
  printf '\nThis device did not join. %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '%s\n' "$2" >&2
  report failed "$1"
  exit 1
}
# Told for show only, so that a hub that does not hear it stops nothing.
report() {
  STAGE=$1
  [ -n "${TID:-}" ] || return 0
  message=$(printf '%s' "${2:-}" | tr -d '\000-\037"\\' | cut -c1-190)
  body="{\"tid\":\"$TID\",\"stage\":\"$1\"${message:+,\"message\":\"$message\"}}"
  hub -m 5 -o /dev/null -H 'content-type: application/json' --data "$body" "$URL/api/v1/rc/stage" 2>/dev/null || true
}
# With its own certificate the hub is known by its key; -k only beside that stricter check.
hub() { if [ -n "${PIN:-}" ]; then curl -fsSk --pinnedpubkey "sha256//$PIN" "$@"; else curl -fsS "$@"; fi; }
usage() { say 'Usage: curl ... | sh -s -- TOKEN [--rootful] [--name NAME]'; }

while [ $# -gt 0 ]; do
  case $1 in
    --rootful) ROOTFUL=yes ;;
    --no-systemd) SYSTEMD='' ;;
    --name) [ $# -ge 2 ] || { usage; exit 64; }; NAME=$2; shift ;;
    --token-file) [ $# -ge 2 ] || { usage; exit 64; }; TOKEN=$(cat "$2"); shift ;;
    rcj1.*) TOKEN=$1 ;;
    *) usage; exit 64 ;;
  esac
  shift
done
[ -n "$TOKEN" ] || { say 'The token is missing: copy the whole line from the page, to its end.'; usage; exit 64; }
case $TOKEN in *[!A-Za-z0-9._-]*) say 'This is no join token. Copy the whole line from the page again.'; exit 64 ;; esac
case $NAME in *[!a-z0-9-]* | -*) say "\"$NAME\" cannot be a name. Use lower-case letters, digits and dashes."; exit 64 ;; esac
command -v curl >/dev/null || { say 'curl is missing here. Install it: sudo apt-get install curl'; exit 69; }

# The middle of the token says where the hub is; its end is the secret, which never leaves this machine.
part=$(printf '%s' "$TOKEN" | cut -d. -f2 | tr '_-' '/+')
case $((${#part} % 4)) in 2) part="$part==" ;; 3) part="$part=" ;; esac
said=$(printf '%s' "$part" | base64 -d 2>/dev/null || true)
field() { printf '%s' "$said" | sed -n "s/.*\"$1\":\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"; }
URL=$(field url) TID=$(field tid) PIN=$(field pin) ENDS=$(field exp)
case $URL in http://* | https://*) ;; *) say 'This is no join token. Copy the whole line from the page again.'; exit 64 ;; esac
case $URL$TID$PIN in *[!A-Za-z0-9.:/+=_[\]-]*) say 'This is no join token. Copy the whole line from the page again.'; exit 64 ;; esac

if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { say 'This needs root, and sudo is missing here. Become root (su -) and paste the line again.'; exit 77; }
  say "Scorewall $VERSION. The rest runs as root; sudo may ask for your password."
  # Through files, because a command line can be read by everybody on this machine and stays in its journal.
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  (umask 077; printf '%s' "$TOKEN" >"$WORK/token")
  hub -o "$WORK/join" "$URL/join" || { say "Cannot reach $URL. Same network? Try: curl -I $URL"; exit 69; }
  set -- --token-file "$WORK/token"
  [ -z "$ROOTFUL" ] || set -- "$@" --rootful
  [ -n "$SYSTEMD" ] || set -- "$@" --no-systemd
  [ -z "$NAME" ] || set -- "$@" --name "$NAME"
  sudo sh "$WORK/join" "$@" </dev/null || exit $?
  exit 0
fi

say "Scorewall $VERSION joins this machine to $URL"
WORK=$(mktemp -d)
trap 'code=$?; rm -rf "$WORK"; [ "$code" -eq 0 ] || [ "$STAGE" = failed ] || report failed "It stopped while: $STAGE."' EXIT
trap 'exit 130' INT TERM HUP

# --- The machine
hub -m 15 -o /dev/null "$URL/join" 2>"$WORK/curl" || fail "Cannot reach $URL. $(tail -n 1 "$WORK/curl")" "Same network? Try: curl -I $URL"
report contacted
step 'looks at this machine'
report checking
MACHINE=$(uname -m)
ARCH=$(dpkg --print-architecture 2>/dev/null || true)
case $ARCH in
  amd64 | arm64) ;;
  '') fail 'This is not Debian, Raspberry Pi OS or Ubuntu: dpkg is missing.' 'Other systems can run the agent by hand: scorewall device add NAME, on the hub.' ;;
  *) fail "This is a 32-bit system ($MACHINE, $ARCH). The agent needs 64-bit." 'Write the 64-bit image of Raspberry Pi OS to its card.' ;;
esac
eval "SHA256=\$SHA256_$ARCH"
[ -n "$SHA256" ] || fail "The hub carries no agent for $ARCH." 'On the hub: npm run package'
# shellcheck source=/dev/null
SYSTEM=$(. /etc/os-release && printf '%s %s' "${ID:-}" "${VERSION_ID:-}")
PRETTY=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-this system}")
case $SYSTEM in
  'debian 12'* | 'debian 13'* | 'raspbian 12'* | 'raspbian 13'* | 'ubuntu 24.'* | 'ubuntu 25.'* | 'ubuntu 26.'*) ;;
  *) say "  $PRETTY is not tried; Debian and Raspberry Pi OS 12 and 13 and Ubuntu 24.04 are. It goes on." ;;
esac
if [ -n "$SYSTEMD" ] && [ ! -d /run/systemd/system ]; then
  fail 'systemd does not run here, so nothing would start the agent again.' 'For a test in a container: add --no-systemd to the line.'
fi
MODEL=$(cat /proc/device-tree/model 2>/dev/null | tr -d '\000')
FREE_MB=$(df -Pm /var | awk 'NR == 2 { print $4 }')
[ "$FREE_MB" -ge 700 ] || fail "Only $FREE_MB MB are free below /var; the agent and podman need 700." 'Make room, then paste the line again.'

# A clock of the past refuses good certificates and every package. The hub's own answer tells the time well enough for a start.
NOW=$(date +%s)
if [ "$NOW" -lt "$BUILT" ]; then
  step "sets the clock, which is $(((BUILT - NOW) / 86400)) days behind; certificates fail until then"
  report checking 'The clock of this device is behind; it is being set now.'
  HUB_DATE=$(hub -m 15 -o /dev/null -D - "$URL/join" | tr -d '\r' | sed -n 's/^[Dd]ate: //p' | tail -n 1)
  [ -n "$HUB_DATE" ] && date -s "$HUB_DATE" >/dev/null || fail 'The clock is in the past and could not be set.' 'Set it (sudo date -s "2026-01-31 12:00"), then paste the line again.'
fi
[ -z "$ENDS" ] || [ "$(date +%s)" -lt "$ENDS" ] || fail 'This join command has ended.' 'Make a new one in the page: Add a device.'
say "  ${MODEL:-$MACHINE}, $PRETTY, $ARCH, $FREE_MB MB free"

# --- podman
apt() { apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -q -y "$@"; }
listed() { apt-cache show "$1" >/dev/null 2>&1; }
missing=''
want() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' || missing="$missing $1"; }
lists() {
  step 'refreshes the package lists'
  apt update >"$WORK/apt" 2>&1 || fail "apt-get update failed: $(grep -m 1 '^[EW]:' "$WORK/apt" || tail -n 1 "$WORK/apt")" 'Is there a way to the internet, or to a mirror of packages? Then paste the line again.'
}
listed podman || lists
for package in ca-certificates podman uidmap; do want "$package"; done
# From podman 5 on networks are made by other programs.
case $(apt-cache policy podman | sed -n 's/^ *Candidate: *//p') in
  [1-4].*) want slirp4netns; want iptables ;;
  *) want passt; want nftables ;;
esac
! listed netavark || want netavark
! listed aardvark-dns || want aardvark-dns
listed crun && ! command -v runc >/dev/null && want crun
[ -n "$ROOTFUL" ] || want fuse-overlayfs
if [ -n "$SYSTEMD" ]; then want libpam-systemd; want dbus-user-session; fi
if [ -n "$missing" ]; then
  case $missing in
    *podman*) step 'installs podman, which is not here yet (about 95 MB)'; report podman 'podman is not installed there yet; it is being installed (95 MB).' ;;
    *) step "installs$missing"; report podman ;;
  esac
  # shellcheck disable=SC2086
  if ! apt install --no-install-recommends $missing >"$WORK/apt" 2>&1; then
    lists
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing >"$WORK/apt" 2>&1 || fail "podman could not be installed: $(grep -m 1 '^E:' "$WORK/apt" || tail -n 1 "$WORK/apt")" "By hand: sudo apt-get install$missing"
  fi
else
  report podman
fi
say "  $(podman --version 2>/dev/null || say 'podman is installed')"

# --- The agent
report agent
HAVE=$(dpkg-query -W -f '${Status} ${Version}' scorewall-agent 2>/dev/null || true)
if [ "$HAVE" = "install ok installed $VERSION" ]; then
  step "the agent $VERSION is installed already"
else
  step "fetches the agent $VERSION"
  FILE="$WORK/scorewall-agent_$ARCH.deb"
  hub -m 900 --retry 3 -o "$FILE" "$URL/install/scorewall-agent_$ARCH.deb" || fail 'The agent could not be fetched from the hub.' 'Paste the line again; it goes on where it was.'
  FOUND=$(sha256sum "$FILE" | cut -d' ' -f1)
  [ "$FOUND" = "$SHA256" ] || fail 'The agent came with another checksum than the hub named, and was not installed.' 'Was the hub updated just now? Then paste the line again.'
  if [ -n "$ROOTFUL" ]; then rootful; fi
  step 'installs the agent'
  # By apt, which waits where the system updates itself at its first start.
  apt install --no-install-recommends --allow-downgrades "$FILE" >"$WORK/dpkg" 2>&1 || fail "The agent could not be installed: $(grep -m 1 '^dpkg: error' "$WORK/dpkg" || grep -m 1 '^E:' "$WORK/dpkg" || tail -n 1 "$WORK/dpkg")" 'Look at: sudo dpkg --configure -a'
  rm -f "$FILE"
fi
if [ -n "$ROOTFUL" ]; then rootful; chown -R root:root /etc/scorewall "$STATE"; fi
as_agent() { # with the rights the agent has
  if [ -n "$ROOTFUL" ]; then env HOME="$STATE" "$@"; else runuser -u scorewall -- env HOME="$STATE" "$@"; fi
}
if [ -n "$SYSTEMD" ] && [ -n "$ROOTFUL" ]; then
  systemctl enable -q --now podman.socket podman-restart.service 2>/dev/null || say '  podman.socket could not be enabled; the agent waits for it.'
elif [ -n "$SYSTEMD" ]; then
  UID_AGENT=$(id -u scorewall)
  systemctl start "user@$UID_AGENT.service" || fail 'The user manager of scorewall does not start, so podman has no place to run.' "Look at: journalctl -u user@$UID_AGENT"
  systemctl --user -M scorewall@ start podman.socket 2>/dev/null || runuser -u scorewall -- env XDG_RUNTIME_DIR="/run/user/$UID_AGENT" systemctl --user start podman.socket || say '  podman.socket could not be started; the agent waits for it.'
  try_podman
fi

# --- Identity
step 'says hello to the hub'
report enrolling
cd /
[ -z "$SYSTEMD" ] || systemctl stop scorewall-agent.service
# By a file and not by its arguments, which everybody here could read.
set -- join - --config "$CONFIG" --state-dir "$STATE/state"
[ -z "$NAME" ] || set -- "$@" --name "$NAME"
if printf '%s\n' "$TOKEN" | as_agent scorewall-agent "$@" 2>&1 | tee "$WORK/join" | grep -v -e '^JOIN-FAILED' -e '^Start the agent' | sed 's/^/  /' && [ -e "$CONFIG" ] && ! grep -qs '^JOIN-FAILED' "$WORK/join"; then :; else
  fail "$(tail -n 1 "$WORK/join" 2>/dev/null)" 'Make a new line in the page (Add a device) and paste that one.'
fi

# --- Running
rm -f "$STATE/state/healthy"
step 'starts the agent'
if [ -n "$SYSTEMD" ]; then
  systemctl restart scorewall-agent.service || fail "The agent does not start: $(journalctl -u scorewall-agent -n 1 -o cat 2>/dev/null)" 'Look at: journalctl -u scorewall-agent'
else
  say '  --no-systemd: a small loop of this shell starts it again when it ends. It does not outlive a restart of this machine.'
  without_systemd
fi
tries=0
until [ -e "$STATE/state/healthy" ]; do
  [ "$tries" -lt 60 ] || fail 'The agent runs, but has not reached the hub within a minute. It goes on trying.' 'Look at: journalctl -u scorewall-agent'
  sleep 1
  tries=$((tries + 1))
done
say ''
say "On the wall: $URL"
say "To remove it again, with its containers: $REMOVE"
}

# Asked as the agent will ask it. A device whose podman does not run is on the wall all the same, and says so there.
try_podman() {
  ! curl -fsS -m 60 -o /dev/null --unix-socket "/run/user/$UID_AGENT/podman/podman.sock" http://podman/v4.0.0/libpod/info 2>"$WORK/podman" || return 0
  say "  podman does not answer for the user scorewall: $(tail -n 1 "$WORK/podman"). The agent goes on asking."
  # Ubuntu, since 23.10: user namespaces are for programs that AppArmor knows.
  if [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null)" = 1 ] && ! grep -qs '^podman ' /sys/kernel/security/apparmor/profiles; then
    say '  AppArmor refuses it user namespaces: its profile of podman is missing. Then: sudo apt-get install --reinstall apparmor'
  else
    say "  Look at: journalctl _UID=$UID_AGENT"
  fi
}

rootful() {
  for unit in scorewall-agent scorewall-terminals; do
    mkdir -p "/etc/systemd/system/$unit.service.d"
    cat >"/etc/systemd/system/$unit.service.d/rootful.conf" <<'UNIT'
# By --rootful: containers run as root.
[Service]
User=root
UNIT
  done
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
}

without_systemd() {
  if [ -e /run/scorewall-agent.pid ]; then kill -s TERM -- "-$(cat /run/scorewall-agent.pid)" 2>/dev/null || true; fi
  # shellcheck disable=SC2016
  setsid sh -c 'echo $$ >/run/scorewall-agent.pid; while :; do
    if [ "$0" = root ]; then set -- env; else set -- runuser -u "$0" -- env; fi
    "$@" HOME=/var/lib/scorewall SCOREWALL_SERVICE=1 scorewall-agent --config /etc/scorewall/agent.toml
    sleep 3
  done' "$([ -n "$ROOTFUL" ] && echo root || echo scorewall)" >/var/log/scorewall-agent.log 2>&1 </dev/null &
}

scorewall_join "$@"

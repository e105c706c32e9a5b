#!/bin/bash
# benches/window.sh [RUNS]: the window against an empty one of the same
# toolkit, and against the same run without a window.
#
# Each of RUNS (12) turns opens empty windows and the program's, in a lab
# with a display, a window manager and a server that answers with 1,000
# settings on loopback. Measured from outside, compared in pairs:
#   first frame   from the start of the process until the middle of the top of
#                 the window is painted, as the X server's frame buffer shows,
#                 four times in each turn;
#   memory        what is resident (and its proportional part, PSS) when
#                 nothing changes any more;
#   at rest       processor time in 10 s with nothing to do (one window each);
#   run           from the press of Enter, which starts what "Provision now"
#                 does, until the status is painted, in a fresh home; against
#                 "provision" in a fresh home less the start of its process (the
#                 time that "--version" takes), and against the engine alone,
#                 in a process that runs already.
# With PROVISIONING_BENCH_STRICT=1 a miss is a failure.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
runs=${1:-12}

if [ -z "${NETLAB_DIR:-}" ]; then
  for program in openbox xprop; do
    command -v $program > /dev/null || { echo "$program is not installed" >&2; exit 1; }
  done
  cargo build --release --locked --quiet --bins --examples
  target=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
  export target
  exec tests/lab/netlab -s display -- "$0" "$runs"
fi

release=$target/release
program=$release/provisioning-settings
DISPLAY=:$(cat "$NETLAB_DIR/display")
export DISPLAY
work=$(mktemp -d)
trap 'kill $server $manager 2> /dev/null || true; rm -rf "$work"' EXIT
HOME=$work openbox --sm-disable > "$work/manager.log" 2>&1 &
manager=$!
mkdir "$work/answers"
for n in $(seq 1000); do
  echo "net.java.sip.communicator.bench.setting$n=value of setting $n"
done > "$work/answers/provisioning.properties"
"$program" serve --dir "$work/answers" --listen 127.0.0.1:0 > "$work/server.log" 2>&1 &
server=$!
until uri=$(grep -som1 'http://127[^ ?]*' "$work/server.log"); do
  kill -0 $server
  sleep 0.05
done
until xprop -root _NET_SUPPORTING_WM_CHECK 2> /dev/null | grep -q 'window id'; do
  kill -0 $manager
  sleep 0.05
done

/usr/bin/python3 benches/window/measure.py "$runs" "$release" "$uri" "$work" "$NETLAB_DIR/screen/Xvfb_screen0"

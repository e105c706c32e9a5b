#!/bin/bash
# benches/discovery-dhcp.sh [RUNS]: the search by DHCP, in a lab of its own.
#
#   found     from the moment when the answer is sent to the moment when
#             `discover` has printed the address (median of RUNS, 20), less the
#             250 ms in which others may answer. At most 5 ms.
#   nothing   `discover` where no server is, start and end of the process
#             included. At most 10.2 s.
#
# PROVISIONING_BENCH_STRICT=1 makes a missed target a failure.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
runs=${1:-20}

cargo build --release --locked --quiet
program=$(cargo metadata --format-version 1 --no-deps |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/provisioning-settings

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/bench.py" <<'END'
import json
import os
import statistics
import subprocess
import sys
import time

program, runs = sys.argv[1], int(sys.argv[2])
GRACE, FOUND, NOTHING = 250.0, 5.0, 10.2


def discover():
    """The search, and when its result was read and when the process ended."""
    command = [program, "discover", "dhcp", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    text, known = b"", 0.0
    while data := os.read(child.stdout.fileno(), 65536):
        text, known = text + data, time.monotonic()
    child.wait()
    return json.loads(text)["searches"][0], known, time.monotonic()


def sent():
    """When the server sent its last answer."""
    with open(os.environ["NETLAB_DIR"] + "/rogue.sent", encoding="ascii") as lines:
        return float(lines.readlines()[-1].split()[0])


def verdict(value, target, unit):
    word = "ok" if value <= target else "MISS"
    print(f"{value:9.2f} {unit}  target {target:5.1f} {unit}  ratio {value / target:5.2f}  {word}")
    return value > target


missed = False
if runs:
    over = []
    for _ in range(runs):
        search, known, _ = discover()
        assert search["found"], search
        over.append((known - sent()) * 1000 - GRACE)
    print(f"found, beyond the {GRACE:.0f} ms of grace (min {min(over):.2f}, max {max(over):.2f})")
    missed |= verdict(statistics.median(over), FOUND, "ms")
else:
    began = time.monotonic()
    search, _, ended = discover()
    assert not search["found"], search
    print("nothing there")
    missed |= verdict(ended - began, NOTHING, "s ")
sys.exit(missed and os.environ.get("PROVISIONING_BENCH_STRICT") == "1")
END
missed=0
NETLAB_ROGUE=ok tests/lab/netlab -s rogue -- /usr/bin/python3 "$work/bench.py" "$program" "$runs" || missed=1
tests/lab/netlab -- /usr/bin/python3 "$work/bench.py" "$program" 0 || missed=1
exit $missed

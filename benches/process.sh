#!/bin/bash
# benches/process.sh [RUNS]: a whole provisioning run against curl.
#
# The sample server answers a POST with 1,000 settings, on loopback. Compared
# are the wall time (median of RUNS, 40) and the most memory (median of 5, GNU
# time) of
#   curl          curl -s -d FORM -o /dev/null, the least that can be done;
#   first run     provision into an empty folder: ask, plan, write the store,
#                 the history and the log, all flushed to the disk;
#   second run    provision again into that folder: nothing changes;
#   in memory     the first run once more, into a folder that no disk is
#                 behind: what is left without the flushes. No target.
# All take turns, so that all meet the same load of the machine.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
runs=${1:-40}
for program in curl python3 /usr/bin/time; do
  command -v $program > /dev/null || { echo "$program is not installed" >&2; exit 1; }
done
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

cargo build --release --locked --quiet
program=$(cargo metadata --format-version 1 --no-deps |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/provisioning-settings

work=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm)
trap 'kill $server 2> /dev/null || true; rm -rf "$work" "$memory"' EXIT
mkdir "$work/answers"
for n in $(seq 1000); do
  echo "net.java.sip.communicator.bench.setting$n=value of setting $n"
done > "$work/answers/provisioning.properties"
"$program" serve --dir "$work/answers" --listen 127.0.0.1:0 > "$work/server.log" 2>&1 &
server=$!
until uri=$(grep -om1 'http://127[^ ?]*' "$work/server.log"); do
  kill -0 $server
  sleep 0.05
done
lines=$(curl -s -d user=bench "$uri" | wc -l)
[ "$lines" -ge 1000 ] || { echo "the server sent $lines lines" >&2; exit 1; }

python3 - "$runs" "$program" "$uri" "$work" "$memory" <<'END'
import os
import shutil
import statistics
import subprocess
import sys
import time

runs, program, uri, work, memory = int(sys.argv[1]), *sys.argv[2:]
home = os.path.join(work, "home")
environment = {"PATH": os.environ["PATH"], "HOME": work, "LANG": "C.UTF-8"}
silent = subprocess.DEVNULL


def provision(folder):
    return [program, "--home", folder, "--site", os.path.join(work, "site"),
            "provision", "--no-input", "--uri", uri + "?user=bench&os=${osname}"]


def fresh(folder):
    return lambda: shutil.rmtree(folder, ignore_errors=True)


in_memory = os.path.join(memory, "home")
# What is run, and what is done before.
WAYS = {
    "curl": (["curl", "-s", "-d", "user=bench&os=Linux", "-o", "/dev/null", uri], lambda: None),
    "first run": (provision(home), fresh(home)),
    "second run": (provision(home), lambda: None),
    "in memory": (provision(in_memory), fresh(in_memory)),
}


def seconds(command):
    start = time.perf_counter()
    child = os.posix_spawn(shutil.which(command[0]), command, environment, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0),
    ])
    status = os.waitpid(child, 0)[1]
    took = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} failed: {status}")
    return took


def mebibytes(command):
    figures = os.path.join(work, "figures")
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", figures, *command],
                   env=environment, stdin=silent, stdout=silent, stderr=silent, check=True)
    with open(figures, encoding="ascii") as file:
        return int(file.read()) / 1024


times = {way: [] for way in WAYS}
peaks = {way: [] for way in WAYS}
for turn in range(runs + 3):
    for way, (command, prepare) in WAYS.items():
        prepare()
        took = seconds(command)
        if turn >= 3:  # The first ones warm the caches.
            times[way].append(took * 1000)
for _ in range(5):
    for way, (command, prepare) in WAYS.items():
        prepare()
        peaks[way].append(mebibytes(command))

with open(os.path.join(home, "sip-communicator.properties"), encoding="latin-1") as store:
    stored = sum(line.startswith("net.java.sip.communicator.bench.") for line in store)
print(f"1,000 settings, {stored} stored, {runs} runs each, ratio to curl (target: at most 3)")
print(f"{'':12}{'median':>10}{'min':>10}{'max':>10}{'ratio':>8}{'':5}{'memory':>10}{'ratio':>8}")
base = statistics.median(times["curl"]), statistics.median(peaks["curl"])
missed = False
for way in WAYS:
    took, peak = statistics.median(times[way]), statistics.median(peaks[way])
    ratios = took / base[0], peak / base[1]
    verdicts = ["ok" if ratio <= 3 else "MISS" for ratio in ratios]
    if way == "in memory":
        verdicts = ["", ""]
    missed |= "MISS" in verdicts
    print(f"{way:12}{took:7.1f} ms{min(times[way]):7.1f} ms{max(times[way]):7.1f} ms"
          f"{ratios[0]:8.2f} {verdicts[0]:4}{peak:6.1f} MiB{ratios[1]:8.2f} {verdicts[1]}")
sys.exit(missed)
END

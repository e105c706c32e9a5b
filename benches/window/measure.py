"""measure.py RUNS RELEASE URI WORK SCREEN: the measuring part of window.sh."""

import ctypes
import mmap
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import time

runs = int(sys.argv[1])
release, uri, work, screen = sys.argv[2:]
program = os.path.join(release, "provisioning-settings")
empty = os.path.join(release, "examples", "empty_window")
bare = os.path.join(release, "examples", "bare_run")
environment = {"PATH": os.environ["PATH"], "HOME": work, "LANG": "C.UTF-8",
               "DISPLAY": os.environ["DISPLAY"]}
LIMIT = 60
TICK = 1000 / os.sysconf("SC_CLK_TCK")
# First frames vary more than the rest, and take less: so many in each turn.
STARTS = 4
GREEN = (0x19, 0x70, 0x3A)
BLUE = (0x0B, 0x57, 0xD0)


class Screen:
    """The X server's frame buffer: it is read without a word to the server."""

    def __init__(self, file):
        with open(file, "rb") as handle:
            self.map = mmap.mmap(handle.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self.map[:100])
        self.start, self.line = header[0] + 12 * header[19], header[12]
        self.width, self.height = header[4], header[5]

    def row(self, x, y, width):
        at = self.start + y * self.line + x * 4
        return self.map[at:at + width * 4]

    def part(self, x, y, width, height):
        """Every fourth row of this part."""
        return [self.row(x, row, width) for row in range(y, y + height, 4)]

    def has(self, color, x, y, width, height, at_least=1):
        """Whether a row of this part has so many pixels of a colour."""
        red, green, blue = color
        wanted = bytes((blue, green, red))
        for row in range(y, y + height):
            line = self.row(x, row, width)
            if wanted in line and sum(
                    line[at:at + 3] == wanted for at in range(0, len(line), 4)) >= at_least:
                return True
        return False


class Keyboard:
    """Presses Enter, without the start of a process in between."""

    def __init__(self):
        self.x = ctypes.CDLL("libX11.so.6")
        self.test = ctypes.CDLL("libXtst.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(None))
        self.enter = self.x.XKeysymToKeycode(self.display, ctypes.c_ulong(0xFF0D))

    def press(self):
        for down in (1, 0):
            self.test.XTestFakeKeyEvent(self.display, self.enter, down, ctypes.c_ulong(0))
        self.x.XFlush(self.display)


screen, keyboard = Screen(screen), Keyboard()
# The window manager puts a window of 900 by 640 in the middle.
LEFT, TOP = screen.width // 2 - 450, screen.height // 2 - 320
middle = (screen.width // 2, TOP + 60)


def until(what, is_so):
    """Looks five times in a millisecond and sleeps in between: the machine may
    have few processors, and what is measured needs them."""
    start = time.perf_counter()
    while not is_so():
        if time.perf_counter() - start > LIMIT:
            sys.exit(f"waited {LIMIT} s for {what}")
        time.sleep(0.0002)
    return time.perf_counter()


def start(command):
    """The process, and the milliseconds to its first frame."""
    before = screen.row(*middle, 1)
    began = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0),
    ])
    painted = until("the first frame", lambda: screen.row(*middle, 1) != before)
    return child, (painted - began) * 1000


def rest_a_little():
    """What a start leaves to do is done before the next one."""
    time.sleep(0.15)


def end(child):
    blank = bytes(4)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    until("the empty screen", lambda: screen.row(*middle, 1)[:3] == blank[:3])
    rest_a_little()


def settled(child):
    """Waits until the process does nothing any more."""
    spent = -1.0
    for _ in range(100):
        time.sleep(0.5)
        now = nanoseconds(child)
        if now - spent < 1e6:
            return
        spent = now


def nanoseconds(child):
    total = 0
    for task in os.listdir(f"/proc/{child}/task"):
        with open(f"/proc/{child}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def ticks(child):
    with open(f"/proc/{child}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def mebibytes(child):
    sizes = {}
    with open(f"/proc/{child}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                sizes[name] = int(rest.split()[0]) / 1024
    return sizes["Rss"], sizes["Pss"]


def at_rest(child):
    """Ticks and milliseconds of processor time in 10 s."""
    before = ticks(child), nanoseconds(child)
    time.sleep(10)
    return ticks(child) - before[0], (nanoseconds(child) - before[1]) / 1e6


def fresh(number):
    home = os.path.join(work, f"home{number}")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(os.path.join(work, "template"), home)
    return home


def window(home):
    return [program, "--home", home, "--site", os.path.join(home, "site")]


subprocess.run([*window(os.path.join(work, "template")), "method", "manual",
                uri + "?user=bench&os=${osname}"], env=environment, check=True,
               stdout=subprocess.DEVNULL)


def buttons():
    """*Provision now* is there: blue, and wider than *Cancel*."""
    return screen.has(BLUE, LEFT + 600, TOP + 590, 280, 20, 110)


# Where the sign before the status is.
SIGN = LEFT + 190, TOP + 480, 40, 100


def has_status(before):
    return screen.part(*SIGN) != before and screen.has(GREEN, *SIGN) and buttons()


def stored(home):
    with open(os.path.join(home, "sip-communicator.properties"), encoding="latin-1") as file:
        return sum(line.startswith("net.java.sip.communicator.bench.") for line in file)


def process(*arguments):
    """The milliseconds that a command of the program takes, and its status."""
    began = time.perf_counter()
    child = os.posix_spawn(program, [program, *arguments], environment, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0),
    ])
    status = os.waitpid(child, 0)[1]
    took = (time.perf_counter() - began) * 1000
    if status != 0:
        sys.exit(f"{arguments} ended with {status}")
    return took


figures = {name: [] for name in ("empty frame", "frame", "pane", "empty rss", "rss", "empty pss",
                                 "pss", "run", "command", "bare")}
rest = {}
for turn in range(runs + 1):
    keep = turn > 0  # The first turn warms the caches.

    def note(name, value):
        if keep:
            figures[name].append(value)

    for _ in range(STARTS):
        child, took = start([empty])
        note("empty frame", took)
        rest_a_little()
        end(child)

        home = fresh("window")
        began = time.perf_counter()
        child, took = start(window(home))
        note("frame", took)
        note("pane", (until("the pane", buttons) - began) * 1000)
        rest_a_little()
        end(child)

    child, _ = start([empty])
    settled(child)
    rss, pss = mebibytes(child)
    note("empty rss", rss)
    note("empty pss", pss)
    if turn == 1:
        rest["empty"] = at_rest(child)
    end(child)

    home = fresh("window")
    child, _ = start(window(home))
    settled(child)
    rss, pss = mebibytes(child)
    note("rss", rss)
    note("pss", pss)
    if turn == 1:
        rest["window"] = at_rest(child)
    before = screen.part(*SIGN)
    pressed = time.perf_counter()
    keyboard.press()
    note("run", (until("the status", lambda: has_status(before)) - pressed) * 1000)
    if stored(home) != 1000:
        sys.exit(f"{stored(home)} settings were stored")
    end(child)

    home = fresh("command")
    starting = process("--version")
    whole = process(*window(home)[1:], "provision", "--no-input")
    note("command", whole - starting)
    if stored(home) != 1000:
        sys.exit(f"{stored(home)} settings were stored")

    home = fresh("bare")
    answer = subprocess.run([bare, home], env=environment, check=True, capture_output=True, text=True)
    note("bare", float(answer.stdout))
    if stored(home) != 1000:
        sys.exit(f"{stored(home)} settings were stored")

missed = False


def compare(name, unit, window, other, target):
    global missed
    ours, theirs = statistics.median(figures[window]), statistics.median(figures[other])
    # What is compared was measured one after the other in each turn, so that a
    # machine that is slow for a while is slow for both.
    ratio = statistics.median(a / b for a, b in zip(figures[window], figures[other]))
    verdict = ""
    if target:
        missed |= ratio > target
        verdict = f"(at most {target}) " + ("ok" if ratio <= target else "MISS")
    ranges = [f"{min(figures[key]):.1f}-{max(figures[key]):.1f}" for key in (window, other)]
    print(f"{name:25}{ours:8.1f} {unit:4}{theirs:8.1f} {unit:4}{ratio:7.2f} {verdict:18}"
          f" {ranges[0]}, {ranges[1]}")


print(f"{runs} turns, medians; what it is compared with; median of the ratios of the pairs")
compare("first frame, empty", "ms", "frame", "empty frame", 1.3)
compare("  the pane in it", "ms", "pane", "empty frame", None)
compare("memory at rest, empty", "MiB", "rss", "empty rss", 1.8)
compare("  its PSS", "MiB", "pss", "empty pss", None)
compare("press to status, command", "ms", "run", "command", 1.5)
compare("  engine alone", "ms", "run", "bare", None)
for name in ("empty", "window"):
    spent, milliseconds = rest[name]
    print(f"processor in 10 s, {name:6}{spent:7} ticks, {milliseconds:.1f} ms", end="")
    if name == "window":
        # The kernel rounds the whole life of the process to ticks, so that one
        # may be counted here for what was spent before.
        none = milliseconds < TICK
        missed |= not none
        print("  (none: less than a tick)", "ok" if none else "MISS", end="")
    print()
sys.exit(missed and os.environ.get("PROVISIONING_BENCH_STRICT") == "1")

"""terminal.py DIALOGUE COMMAND...: runs COMMAND on a terminal of its own.

DIALOGUE is JSON: a list of [EXPECTED, ANSWER]. As soon as EXPECTED is on the
screen (after the EXPECTED before it), ANSWER is typed, after a pause of
TERMINAL_PAUSE seconds (0.1). What was on the screen goes to standard output;
the exit status is COMMAND's, or 98 if an EXPECTED did not come within 20 s.
"""

import json
import os
import pty
import select
import sys
import termios
import time


def main():
    dialogue, command = json.loads(sys.argv[1]), sys.argv[2:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    screen, seen, late = b"", 0, time.monotonic() + 20
    while True:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                break  # The other end is closed: the command ended.
            if not data:
                break
            screen += data
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        at = screen.find(dialogue[0][0].encode(), seen) if dialogue else -1
        if at >= 0:
            expected, answer = dialogue.pop(0)
            seen, late = at + len(expected.encode()), time.monotonic() + 20
            # A prompt first appears, then the echo is switched off.
            time.sleep(float(os.environ.get("TERMINAL_PAUSE", "0.1")))
            os.write(terminal, answer.encode())
        elif dialogue and time.monotonic() > late:
            print(f"\nterminal: {dialogue[0][0]!r} did not come")
            os.kill(child, 9)
            os.waitpid(child, 0)
            sys.exit(98)
    if not termios.tcgetattr(terminal)[3] & termios.ECHO:
        print("\nterminal: the echo stayed off")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


main()

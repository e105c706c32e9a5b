"""peak.py FILE COMMAND...: runs COMMAND and writes "SECONDS KIBIBYTES" to FILE,
the wall time and the most memory that it had resident."""

import os
import sys
import time


def main():
    file, command = sys.argv[1], sys.argv[2:]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    with open(file, "w", encoding="ascii") as out:
        out.write(f"{seconds:.6f} {usage.ru_maxrss}\n")
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


main()

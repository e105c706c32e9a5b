"""rogue.py INTERFACE CASE,CASE,... FILE: a DHCP server that misbehaves.

Answers each DHCPINFORM with all cases in turn. A case may have prefixes:
bc: to the broadcast address; ephem: from another port. pauseN waits N
milliseconds, floodN sends N packets of rubbish, lateN: does nothing for the
first N requests. The case url answers with the address in FILE, which may
change; FILE.seen has a line for each request, FILE.sent for each answer, both
with the time of the system's monotonic clock.
"""

import os
import random
import socket
import struct
import sys
import time

interface, cases, file = sys.argv[1], sys.argv[2].split(","), sys.argv[3]
GOOD = b"http://10.77.1.1:8080/provisioning.php?good=yes"
COOKIE = b"\x63\x82\x53\x63"
ACK = b"\x35\x01\x05\x36\x04\x0a\x4d\x01\x02"


def option(code, value):
    return bytes([code, len(value)]) + value


def named(value):
    return ACK + option(224, value)


def packet(request, options, op=2, xid=None, cookie=COOKIE, end=b"\xff", sname=b"", file=b""):
    return (struct.pack("!BBBB", op, 1, 6, 0) + (xid or request[4:8]) + bytes(4) + request[12:16]
            + bytes(12) + request[28:44] + sname.ljust(64, b"\0") + file.ljust(128, b"\0")
            + cookie + options + end)


def other_xid(request):
    return bytes(byte ^ 255 for byte in request[4:8])


def configured(_):
    with open(file, "rb") as text:
        return named(text.read().strip())


def bad(what):
    return b"http://10.77.1.2:8082/" + what


CASES = {
    "ok": lambda q: packet(q, named(GOOD)),
    "url": lambda q: packet(q, configured(q)),
    "wrong-xid": lambda q: packet(q, named(bad(b"xid")), xid=other_xid(q)),
    "request": lambda q: packet(q, named(bad(b"op")), op=1),
    "no-cookie": lambda q: packet(q, named(bad(b"cookie")), cookie=b"abcd"),
    "short": lambda q: packet(q, b"")[:100],
    "empty-packet": lambda q: b"",
    "one-byte": lambda q: b"\2",
    "header-only": lambda q: packet(q, b"", end=b""),
    "truncated": lambda q: packet(q, ACK + bytes([224, 200]) + bad(b"truncated"), end=b""),
    "no-length": lambda q: packet(q, ACK + bytes([224]), end=b""),
    "no-end": lambda q: packet(q, named(GOOD), end=b""),
    "nul-inside": lambda q: packet(q, named(bad(b"a\0b\0\0"))),
    "nuls": lambda q: packet(q, named(GOOD + b"\0\0\0")),
    "line-break": lambda q: packet(q, named(bad(b"a\r\nX: y"))),
    "latin-1": lambda q: packet(q, named(bad(b"\xff\xfe\xe9"))),
    "empty": lambda q: packet(q, named(b"")),
    "no-option": lambda q: packet(q, ACK),
    "file": lambda q: packet(q, named(b"file:///etc/passwd")),
    "words": lambda q: packet(q, named(b"call the helpdesk")),
    "vendor": lambda q: packet(q, ACK + option(43, option(224, bad(b"vendor")))),
    "after-end": lambda q: packet(q, ACK + b"\xff" + option(224, bad(b"end"))),
    "overlong": lambda q: packet(q, ACK + option(224, bad(b"a" * 200)) * 100),
    # Each field says that the other one holds more.
    "looping": lambda q: packet(q, ACK + option(52, b"\3"), file=option(52, b"\3") + b"\xff",
                                sname=option(52, b"\3") + b"\xff"),
    "overload": lambda q: packet(q, ACK + option(224, GOOD[:20]) + option(52, b"\3"),
                                 file=option(224, GOOD[20:40]) + b"\xff",
                                 sname=option(224, GOOD[40:]) + b"\xff"),
}


def flood(server, request, count, to):
    """Rubbish of all sizes, some of it with the right header."""
    for turn in range(count):
        rubbish = os.urandom(random.randrange(600))
        server.sendto(packet(request, rubbish) if turn % 2 else rubbish, to)


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for name in socket.SO_REUSEADDR, socket.SO_BROADCAST:
        server.setsockopt(socket.SOL_SOCKET, name, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    server.bind(("", 6767))
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    print("ready", flush=True)
    seen = 0
    while True:
        request, _ = server.recvfrom(4096)
        seen += 1
        with open(file + ".seen", "a", encoding="ascii") as lines:
            print(time.monotonic(), request.hex(), file=lines)
        for case in cases:
            to, sender = (socket.inet_ntoa(request[12:16]), 6768), server
            if case.startswith("late"):
                if seen <= int(case[4:]):
                    break
                continue
            if case.startswith("pause"):
                time.sleep(int(case[5:]) / 1000)
                continue
            if case.startswith("flood"):
                flood(server, request, int(case[5:]), to)
                continue
            if case.startswith("bc:"):
                to, case = ("255.255.255.255", 6768), case[3:]
            if case.startswith("ephem:"):
                sender, case = other, case[6:]
            sender.sendto(CASES[case](request), to)
            with open(file + ".sent", "a", encoding="ascii") as lines:
                print(time.monotonic(), case, file=lines)


main()

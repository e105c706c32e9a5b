"""mdns_responder.py INTERFACE SCRIPT: answers mDNS queries with whatever it is told to.

SCRIPT is JSON: a list of steps {"on": TYPE, "send": [HEX, ...], "after": S,
"every": S, "times": N, "families": [4, 6]}. With "on", the packets go out once
for each query for that service type; without, at the start, "times" times (for
ever if 0) with "every" seconds between. Both wait "after" seconds first. With
"turns", a list of such "send" lists, each query gets the next one.
A packet that is called "random" or "printers" is a new one each time.
It says "ready" when it listens.
"""

import itertools
import json
import os
import socket
import struct
import sys
import threading
import time

PORT = 5353
GROUPS = {4: "224.0.0.251", 6: "ff02::fb"}


def listen(family, interface):
    index = socket.if_nametoindex(interface)
    if family == 4:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        request = struct.pack("4s4si", socket.inet_aton(GROUPS[4]), b"\0" * 4, index)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                        struct.pack("4s4si", b"\0" * 4, b"\0" * 4, index))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    else:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        request = socket.inet_pton(socket.AF_INET6, GROUPS[6]) + struct.pack("@I", index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(("", PORT))
    return sock


def printers():
    """Thirty instances that nobody has heard of before."""
    names = (b"Printer " + os.urandom(6).hex().encode() for _ in range(30))
    kind = asked("_https._tcp.local") + b"\0"
    records = b""
    for name in names:
        # The type stands at offset 12, in the first record.
        instance = bytes([len(name)]) + name + (b"\xc0\x0c" if records else kind)
        owner = b"\xc0\x0c" if records else kind
        records += owner + struct.pack("!HHIH", 12, 1, 120, len(instance)) + instance
    return struct.pack("!6H", 0, 0x8400, 0, 30, 0, 0) + records


MADE = {"random": lambda: os.urandom(200), "printers": printers}


def send(sockets, step):
    for family in step.get("families", [4]):
        for packet in step["send"]:
            packet = MADE[packet]() if packet in MADE else bytes.fromhex(packet)
            try:
                sockets[family].sendto(packet, (GROUPS[family], PORT))
            except OSError as error:
                print(error, flush=True)


def play(sockets, step):
    time.sleep(step.get("after", 0))
    done = 0
    while not step.get("times", 1) or done < step.get("times", 1):
        send(sockets, step)
        done += 1
        time.sleep(step.get("every", 0))


def asked(kind):
    """How a query has the service type: as labels."""
    return b"".join(bytes([len(label)]) + label.encode() for label in kind.split("."))


def answer(sockets, family, steps):
    while True:
        packet = sockets[family].recv(9000)
        if len(packet) < 12 or packet[2] & 0x80:
            continue
        for step in steps:
            if family in step.get("families", [4]) and asked(step["on"]) in packet:
                packets = next(step["turns"]) if "turns" in step else step["send"]
                only = dict(step, families=[family], send=packets)
                threading.Timer(step.get("after", 0), send, (sockets, only)).start()


interface, script = sys.argv[1], json.loads(sys.argv[2])
families = {family for step in script for family in step.get("families", [4])} or {4}
sockets = {family: listen(family, interface) for family in families}
queries = [step for step in script if "on" in step]
for step in queries:
    if "turns" in step:
        step["turns"] = itertools.cycle(step["turns"])
for family in families:
    threading.Thread(target=answer, args=(sockets, family, queries), daemon=True).start()
print("ready", flush=True)
for step in script:
    if "on" not in step:
        threading.Thread(target=play, args=(sockets, step), daemon=True).start()
time.sleep(600)

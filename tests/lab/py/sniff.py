"""sniff.py INTERFACE MAC: a line for everything that this machine sends here.

What a DHCP search has to send (UDP to port 6767) is left out.
"""

import socket
import struct
import sys

interface, mac = sys.argv[1], bytes.fromhex(sys.argv[2].replace(":", ""))
ALL = 3
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
wire.bind((interface, 0))
print("ready", flush=True)
while True:
    frame = wire.recv(65535)
    if frame[6:12] != mac:
        continue
    kind = struct.unpack("!H", frame[12:14])[0]
    if kind == 0x0806:
        # An answer to a server's question is not the client's idea.
        if frame[21] == 1:
            print("arp for", socket.inet_ntoa(frame[38:42]), flush=True)
    elif kind == 0x0800:
        protocol, ports = frame[23], 14 + (frame[14] & 15) * 4
        port = struct.unpack("!H", frame[ports + 2:ports + 4])[0]
        if protocol != socket.IPPROTO_UDP or port != 6767:
            target = socket.inet_ntoa(frame[30:34])
            print("protocol", protocol, "to", target, "port", port, flush=True)

"""zeroconf_responder.py ADDRESS[,ADDRESS] HOST PORT [ENTRY...]: python-zeroconf announces the
provisioning server over https, with these TXT entries in order. Says "ready"."""

import socket
import sys
import time

from zeroconf import IPVersion, ServiceInfo, Zeroconf

KIND = "_https._tcp.local."
addresses, host, port, *entries = sys.argv[1:]


def packed(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


encoded = [entry.encode() for entry in entries]
zeroconf = Zeroconf(ip_version=IPVersion.All)
zeroconf.register_service(ServiceInfo(
    KIND, "Provisioning URL." + KIND, port=int(port), server=f"{host}.local.",
    addresses=[packed(address) for address in addresses.split(",")],
    properties=b"".join(bytes([len(entry)]) + entry for entry in encoded)))
print("ready", flush=True)
time.sleep(600)

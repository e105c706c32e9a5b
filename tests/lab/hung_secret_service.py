"""A Secret Service that takes its name and never answers.

Prints "ready" when it has the name, and ends when its standard input does.
"""

import sys
import threading

from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection


def swallow(connection):
    while True:
        try:
            connection.receive()
        except Exception:
            return


connection = open_dbus_connection("SESSION")
reply = connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
if reply.body != (1,):
    sys.exit(f"the name is taken: {reply.body}")
threading.Thread(target=swallow, args=(connection,), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()

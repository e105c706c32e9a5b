"""raw_server.py ADDRESS PORT DIR: a server that misbehaves on the level of bytes.

The path says how (see ANSWERS). What each connection sent is kept as DIR/1,
DIR/2, ...; the file is made when the connection is, so an empty DIR means that
nobody came.
"""

import gzip
import itertools
import os
import socket
import sys
import threading
import time

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
BODY = b"lab.raw=yes\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(BODY)
WHOLE = OK + LENGTH + BODY


def never(client):
    time.sleep(120)


def slow_header(client):
    """One byte every half second, for ever: each wait is short, the sum is not."""
    for byte in itertools.chain(OK, itertools.cycle(b"X-Pad: x\r\n")):
        client.sendall(bytes([byte]))
        time.sleep(0.5)


def stops(client):
    """The answer begins and then nothing more comes."""
    client.sendall(OK + b"Content-Length: 600\r\n\r\nlab.a=b\n")
    time.sleep(120)


def cut(client):
    client.sendall(OK + b"Content-Length: 600\r\n\r\n" + BODY)


def reset(client):
    # Linger of 0 s: close() sends RST.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def reset_in_body(client):
    client.sendall(OK + b"Content-Length: 600\r\n\r\n" + BODY)
    time.sleep(0.2)
    reset(client)


def flood(client):
    """Interim answers without end."""
    while True:
        client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def unauthorized(*challenges):
    headers = b"".join(b"WWW-Authenticate: %s\r\n" % c for c in challenges)
    return b"HTTP/1.1 401 Unauthorized\r\n" + headers + b"Content-Length: 0\r\n\r\n"


CUT_GZIP = gzip.compress(BODY * 100)[:-12]

# Bytes to send, or what to do with the connection.
ANSWERS = {
    "/taken": WHOLE,
    "/never": never,
    "/slow-header": slow_header,
    "/stops": stops,
    "/close": b"",
    "/reset": reset,
    "/reset-in-body": reset_in_body,
    "/garbage": b"\x15\x03\x01\x00\x02\x02\x46" * 10,
    "/huge-header": OK + b"X-Pad: " + b"a" * 2_000_000 + b"\r\n\r\n",
    "/many-headers": OK + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n",
    "/bad-chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nlab.raw=yes\n\r\n",
    "/cut-chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nc\r\n" + BODY + b"\r\n",
    "/chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nlab.\r\n8\r\nraw=yes\n\r\n0\r\n\r\n",
    "/no-length": OK + b"Connection: close\r\n\r\n" + BODY,
    "/too-long": cut,
    "/lie": OK + b"Content-Length: 99999999999\r\n\r\n" + BODY,
    "/too-short": OK + b"Content-Length: 4\r\n\r\n" + BODY,
    "/two-lengths": OK + b"Content-Length: 4\r\n" + LENGTH + BODY,
    "/bad-gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip",
    "/cut-gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(CUT_GZIP) + CUT_GZIP,
    "/http09": BODY,
    "/http10": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "/continue": b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
    "/flood": flood,
    "/negotiate": unauthorized(b"Negotiate", b"NTLM"),
    # Whatever the answer, the nonce was too old.
    "/always-stale": unauthorized(b'Digest realm="lab", nonce="n", qop="auth", stale=true'),
    "/both": unauthorized(b'Bearer realm="x", Basic realm="lab, \\"x\\"", Digest realm="lab", nonce="n", qop="auth"'),
}


def read_request(client, keep):
    """The request line's path, after the whole request was read and kept."""
    request = b""
    while b"\r\n\r\n" not in request:
        data = client.recv(65536)
        if not data:
            return ""
        keep.write(data)
        request += data
    head, _, body = request.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        data = client.recv(65536)
        if not data:
            return ""
        keep.write(data)
        body += data
    return head.split(b" ")[1].decode()


def serve(client, file):
    client.settimeout(150)
    try:
        with open(file, "wb", buffering=0) as keep:
            answer = ANSWERS.get(read_request(client, keep), b"")
        if callable(answer):
            answer(client)
        else:
            client.sendall(answer)
    except OSError:
        pass  # The client has had enough.
    finally:
        client.close()


def main():
    address, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    listener = socket.create_server((address, port), backlog=16)
    print("ready", flush=True)
    for number in itertools.count(1):
        client, _ = listener.accept()
        file = os.path.join(folder, str(number))
        open(file, "wb").close()
        threading.Thread(target=serve, args=(client, file), daemon=True).start()


main()

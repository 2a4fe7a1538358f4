"""A front that speaks TLS, for clients that speak nothing else. An address of the server is read from the standard input: at
first, and once more after the front could not reach it."""

import json
import os
import socket
import ssl
import sys
import threading

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


def tell(name, value):
    print(json.dumps([name, value]), flush=True)


def next_address():
    host, _, port = sys.stdin.readline().strip().rpartition(":")
    return (host, int(port))


def read_head(client):
    read = b""
    while b"\r\n\r\n" not in read:
        read += client.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body


class Front(threading.Thread):
    """Ends TLS, one connection after the other, and hands on what comes, as a proxy before a server does. As a proxy of the
    client's, it is whoever the client asks it for."""

    def __init__(self, authority, is_asked_by_name=False):
        super().__init__(daemon=True)
        self.upstream = next_address()
        self.is_asked_by_name = is_asked_by_name
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(authority, "server.crt"), os.path.join(authority, "server.key"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self):
        while True:
            client, _ = self.socket.accept()
            if self.is_asked_by_name:
                asked, _ = read_head(client)
                assert asked[0].startswith(b"CONNECT "), asked
                client.sendall(TUNNEL)
            with self.context.wrap_socket(client, server_side=True) as client:
                self.serve(client)

    def serve(self, client):
        lines, body = read_head(client)
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += client.recv(65536)
        kept = [line for line in lines if not line.lower().startswith(b"connection:")]
        try:
            server = socket.create_connection(self.upstream)
        except ConnectionRefusedError:
            client.sendall(UNAVAILABLE)
            tell("unavailable", True)
            self.upstream = next_address()
            return
        with server:
            server.sendall(b"\r\n".join(kept + [b"connection: close", b"", body]))
            while part := server.recv(65536):
                client.sendall(part)

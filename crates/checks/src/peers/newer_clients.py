"""PagerDuty's newest client behind a front that speaks TLS, and apprise, both unmodified; prints a line of JSON for each answer.
An address of the server is read from the standard input: at first, and once more after the front could not reach it."""

import datetime
import json
import os
import socket
import ssl
import sys
import threading

events_key, notify_key, authority = sys.argv[1:4]
os.environ["SSL_CERT_FILE"] = os.path.join(authority, "ca.crt")

import apprise
import pagerduty

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def tell(name, value):
    print(json.dumps([name, value]), flush=True)


def next_address():
    host, _, port = sys.stdin.readline().strip().rpartition(":")
    return (host, int(port))


class Front(threading.Thread):
    """Ends TLS, one connection after the other, and hands on what comes, as a proxy before a server does."""

    def __init__(self, upstream):
        super().__init__(daemon=True)
        self.upstream = upstream
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(authority, "server.crt"), os.path.join(authority, "server.key"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.socket.getsockname()[1]}"

    def run(self):
        while True:
            client, _ = self.socket.accept()
            with self.context.wrap_socket(client, server_side=True) as client:
                self.serve(client)

    def serve(self, client):
        request = b""
        while b"\r\n\r\n" not in request:
            request += client.recv(65536)
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
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


address = next_address()
front = Front(address)
front.start()
events = pagerduty.EventsApiV2Client(events_key, base_url=front.url)
events.sleep_timer = 0.01
events.timeout = 600
key = events.trigger("Disk full", "db-1", severity="critical", custom_details={"used": "97 %"})
tell("triggered", len(key))
tell("again", events.trigger("Disk full", "db-1", dedup_key=key, severity="critical") == key)
tell("acknowledged", events.acknowledge(key) == key)
# This release of the client fails where it is to say the time itself.
now = datetime.datetime.now(datetime.timezone.utc).isoformat()
link = {"href": "https://ci.example.org/7", "text": "Pipeline"}
tell("changed", events.submit("Deployed", "ci", {"revision": "1f3a"}, [link], now))
try:
    pagerduty.EventsApiV2Client("0" * 32, base_url=front.url).trigger("x", "y")
except pagerduty.Error as error:
    tell("wrong key", error.response.json()["errors"])


def notify(scheme, how, title):
    told = apprise.Apprise()
    told.add(f"{scheme}://{address[0]}:{address[1]}/generic/{notify_key}")
    return bool(told.notify(title=title, body="/var is full", notify_type=how))


for scheme in ["json", "form"]:
    tell(scheme, [notify(scheme, how, f"Backup by {scheme}") for how in ["failure", "failure", "success"]])
tell("waiting", True)
sys.stdin.readline()
# The server is away: the front says so, the client waits and asks again, and by then the server is back.
tell("resolved", events.resolve(key) == key)

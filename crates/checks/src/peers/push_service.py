"""A push service on a free port of the loopback, and a browser behind it: prints its port, the keys of the browser, then a
line of JSON for each push, opened as the browser would."""

import base64
import http.server
import json
import os
import sys
import threading

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

private = ec.generate_private_key(ec.SECP256R1())
auth = os.urandom(16)
writing = threading.Lock()


def text(bytes):
    return base64.urlsafe_b64encode(bytes).decode().rstrip("=")


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sealed = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = fault = None
        try:
            body = json.loads(http_ece.decrypt(sealed, private_key=private, auth_secret=auth, version="aes128gcm"))
        except Exception as error:
            fault = repr(error)
        with writing:
            told = {"path": self.path, "fault": fault, "headers": headers, "body": body}
            print(json.dumps(told), flush=True)
        self.send_response(410 if self.path == "/gone" else 201)
        self.end_headers()

    def log_message(self, *_):
        pass


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=end_with_the_test, daemon=True).start()
print(server.server_address[1], flush=True)
point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
print(json.dumps({"p256dh": text(point), "auth": text(auth)}), flush=True)
server.serve_forever()

"""A receiver of webhooks on a free port of the loopback: prints its port, then a line of JSON for each request."""

import http.server
import json
import os
import sys
import threading

import standardwebhooks.webhooks as library

verifier = library.Webhook(sys.argv[1])
writing = threading.Lock()

if len(sys.argv) > 2:

    class Then(library.datetime):
        """The clock of a test that is held."""

        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(float(sys.argv[2]), tz)

    library.datetime = Then


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            verifier.verify(body, headers)
            fault = None
        except Exception as error:
            fault = repr(error)
        # Two requests at the same time are two lines.
        with writing:
            print(json.dumps({"fault": fault, "headers": headers, "body": json.loads(body)}), flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=end_with_the_test, daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()

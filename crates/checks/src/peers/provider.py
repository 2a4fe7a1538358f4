"""A provider of OpenID Connect on a free port of the loopback, by the package oidc-provider-mock: prints its port, then, for
each line of a browser's address and a subject, the address that the browser is sent back to once it signed in as them."""

import json
import sys
import urllib.parse
import urllib.request

import oidc_provider_mock


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


claims = json.loads(sys.argv[1])
subject = claims.pop("sub")
user = oidc_provider_mock.User(sub=subject, claims=claims)
with oidc_provider_mock.run_server_in_thread(user_claims=[user]) as server:
    print(server.server_port, flush=True)
    browser = urllib.request.build_opener(Stay())
    for line in sys.stdin:
        address, subject = line.split()
        form = urllib.parse.urlencode({"sub": subject}).encode()
        try:
            answer = browser.open(address, form)
            print(json.dumps({"status": answer.status, "body": answer.read().decode()}), flush=True)
        except urllib.error.HTTPError as answer:
            print(json.dumps({"status": answer.code, "location": answer.headers["Location"]}), flush=True)

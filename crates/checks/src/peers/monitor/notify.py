"""A notification command, as people write them: posts what it is given as NAME=VALUE, as a JSON object, and tries four times.
Then it writes down what it told, and whether it was heard."""

import json
import sys
import urllib.request

told, url, *pairs = sys.argv[1:]
members = dict(pair.split("=", 1) for pair in pairs)
heard = "unheard"
for _ in range(4):
    request = urllib.request.Request(url, json.dumps(members).encode(), {"Content-Type": "application/json"})
    try:
        if urllib.request.urlopen(request, timeout=30).status == 200:
            heard = "heard"
            break
    except OSError:
        pass
with open(told, "w") as lines:
    lines.write(f"{members['service_desc']} {members['notification_type']} {heard}\n")

"""Administration and sign-in: what reads and changes of a large directory take, whether a sign-in tells who there is, and what two
hundred wrong passwords a second cost whoever creates incidents and is paged.

Usage: people.py SERVER KEY PID SETUP_PATH SECONDS PARTS. The server is the process PID and believes `X-Forwarded-For`; the path of
`reveille setup-link` is p0's, and all pages go to port 18082.
"""

import http.client
import http.server
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

RIGHT, WRONG = "eleven lazy otters knit", "not the right password"
READS = ["/v1/routines?limit=100", "/v1/routines/r7", "/v1/users?limit=100", "/v1/users/p7", "/v1/teams", "/v1/audit?limit=100",
         "/v1/escalation-policies/e7", "/v1/organization"]
SIGN_INS, READ_TIMES, WRITE_TIMES, SIGN_INS_A_SECOND, PAGES_A_SECOND, ROUNDS = 1000, 200, 60, 200, 50, 3


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def asked(connection, key, method, path, body=None, **headers):
    headers = {"Authorization": f"token {key}", "Content-Type": "application/json"} | headers
    began = time.monotonic()
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (method, path, answer.status, text[:300])
    return (time.monotonic() - began) * 1000, json.loads(text), answer


def told(what, times):
    print(f"{what:52} p50 {percentile(times, 0.5):7.1f} ms  p99 {percentile(times, 0.99):7.1f} ms  of {len(times)}", flush=True)


def administration(server, key):
    connection = http.client.HTTPConnection(server)
    for path in READS:
        told(f"GET {path}", [asked(connection, key, "GET", path)[0] for _ in range(READ_TIMES)])
    any_version = {"If-Match": "*"}

    def changes(what, change):
        told(what, [change(number) for number in range(WRITE_TIMES)])

    def change(path, body):
        return asked(connection, key, "PATCH", path, body, **any_version)[0]

    _, routine, _ = asked(connection, key, "GET", "/v1/routines/r7")
    layers = routine["routine_layers"]

    def turned(number):
        return [layers[0] | {"rotations": [[f"p{7 + number}"], ["p8"], ["p9"], ["p10"]]}]

    changes("PATCH of a routine, dry run", lambda number: change("/v1/routines/r7?dry_run=true", {"routine_layers": turned(number)}))
    changes("PATCH of a routine", lambda number: change("/v1/routines/r7", {"routine_layers": turned(number)}))
    changes("PATCH of a person", lambda number: change(f"/v1/users/p{number}", {"display_name": f"Engineer {number}"}))
    changes("PATCH of a policy", lambda number: change("/v1/escalation-policies/e7",
            {"levels": [{"minutes": 10 + number, "routines": ["r7"]}, {"minutes": 30, "routines": ["r8"]}]}))
    changes("POST of a service", lambda number: asked(connection, key, "POST", "/v1/services",
            {"name": f"new {number}", "escalation_policy": "e7"})[0])


networks = iter(range(1, 1 << 24))
networks_held = threading.Lock()


def sent(connection, path, form):
    """A form from a network of its own; its milliseconds and status."""
    with networks_held:
        number = next(networks)
    port = connection.port
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Host": f"localhost:{port}", "Origin": f"http://localhost:{port}",
               "X-Forwarded-For": f"{20 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.1"}
    began = time.monotonic()
    connection.request("POST", path, urllib.parse.urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    return (time.monotonic() - began) * 1000, answer.status


def wrong(connection, username):
    return sent(connection, "/app/sign-in", {"username": username, "password": WRONG})


def sign_ins(server):
    connection = http.client.HTTPConnection(server)
    taken = {"known": [], "unknown": []}
    for number in range(SIGN_INS):
        for kind, username in [("known", "p0"), ("unknown", f"nobody{number}")]:
            milliseconds, status = wrong(connection, username)
            assert status == 401, status
            taken[kind].append(milliseconds)
    for kind, times in taken.items():
        told(f"a wrong password for a person who is {kind}", times)
    medians = {kind: statistics.median(times) for kind, times in taken.items()}
    print(f"  known to unknown {medians['known'] / medians['unknown']:.3f}", flush=True)


def visit(server, guesses, over, statuses):
    """Wrong passwords, or as many looks at the page where they are typed, for which nothing is hashed."""
    connection = http.client.HTTPConnection(server)
    turn = 0
    while not over.is_set():
        began = time.monotonic()
        turn += 1
        if guesses:
            statuses.append(wrong(connection, f"p{turn % 1000}")[1])
        else:
            connection.request("GET", "/app/sign-in")
            connection.getresponse().read()
        time.sleep(max(0, 8 / SIGN_INS_A_SECOND - (time.monotonic() - began)))


def visiting(server, guesses):
    over, statuses = threading.Event(), []
    threads = [threading.Thread(target=visit, args=(server, guesses, over, statuses)) for _ in range(8)]
    for thread in threads:
        thread.start()

    def end():
        over.set()
        for thread in threads:
            thread.join()
        return statuses

    return end


def wrk(server, run, seconds):
    command = ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", "-s", "scripts/bench.lua", f"http://{server}/create"]
    out = subprocess.run(command, env=os.environ | {"MODE": "create", "RUN": str(run)}, capture_output=True, text=True, check=True).stdout
    rate, _, p99, _, errors = re.search(r"^figures (.*)$", out, re.M).group(1).split()
    assert errors == "0", out
    return float(rate), float(p99)


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    arrived = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        title = re.search(rb"paged (\d+)\.", body)
        if title:
            self.arrived.setdefault(int(title.group(1)), time.monotonic())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def pages(server, key, first, seconds):
    connection, asked_at = http.client.HTTPConnection(server), {}
    begun = time.monotonic()
    for place in range(seconds * PAGES_A_SECOND):
        time.sleep(max(0, begun + place / PAGES_A_SECOND - time.monotonic()))
        number = first + place
        asked_at[number] = time.monotonic()
        asked(connection, key, "POST", "/create", {"title": f"paged {number}.", "users": [f"p{place % 1000}"], "urgency_level": 4})
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(number not in Hook.arrived for number in asked_at):
        time.sleep(0.05)
    return [(Hook.arrived[number] - asked_at[number]) * 1000 for number in asked_at]


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024


ALONE, BESIDE_LOOKS, BESIDE_GUESSES = "alone", "beside looks", "beside guesses"


def guessed(server, key, pid, seconds):
    """In turns alone, beside somebody who looks, and beside somebody who guesses, since the machine is not the same from minute to
    minute, and since whoever asks takes a share of it, too."""
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 18082), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    kinds = [ALONE, BESIDE_LOOKS, BESIDE_GUESSES]
    creates, latest, paged = ({kind: [] for kind in kinds} for _ in range(3))
    statuses = []
    before = memory(pid)
    most = before
    # Pages first: creates at full speed leave so many that new ones wait behind them.
    turns = [(what, turn, kind) for what in ["pages", "creates"] for turn in range(ROUNDS) for kind in kinds]
    for what, turn, kind in turns:
        end = list if kind == ALONE else visiting(server, kind == BESIDE_GUESSES)
        if what == "pages":
            paged[kind] += pages(server, key, (3 * turn + kinds.index(kind)) * 100_000, seconds)
        else:
            rate, p99 = wrk(server, f"{turn}{kinds.index(kind)}", seconds)
            creates[kind].append(rate)
            latest[kind].append(p99)
        statuses += end()
        if kind != BESIDE_GUESSES:
            before = max(before, memory(pid))
        most = max(most, memory(pid))
    answered = {status: statuses.count(status) for status in sorted(set(statuses))}
    print(f"wrong passwords, {len(statuses) / (2 * ROUNDS * seconds):.0f} a second at most {SIGN_INS_A_SECOND}: answered {answered}")
    mean = {kind: statistics.mean(rates) for kind, rates in creates.items()}
    for kind in kinds:
        print(f"creates a second {kind}: {mean[kind]:.0f} ({', '.join(f'{rate:.0f}' for rate in creates[kind])}),"
              f" p99 {statistics.mean(latest[kind]):.1f} ms")
    print(f"  beside guesses to alone {mean[BESIDE_GUESSES] / mean[ALONE]:.2f},"
          f" to beside looks {mean[BESIDE_GUESSES] / mean[BESIDE_LOOKS]:.2f}")
    for kind in kinds:
        told(f"from create to page, webhook, {kind}", paged[kind])
    print(f"memory {most - before:+.0f} MB")


def main():
    server, key, pid, path, seconds, parts = *sys.argv[1:5], int(sys.argv[5]), sys.argv[6].split()
    _, status = sent(http.client.HTTPConnection(server), path, {"password": RIGHT, "again": RIGHT})
    assert status == 303, status
    if "administration" in parts:
        administration(server, key)
    if "sign-ins" in parts:
        sign_ins(server)
    if "guesses" in parts:
        guessed(server, key, pid, seconds)


main()

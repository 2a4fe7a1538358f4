"""The console's pages: what a first visit weighs, how long the server takes for each page, and what open pages cost.

Usage: pages.py SERVER KEY SETUP_PATH PID SECONDS. Signs in by the path of `reveille setup-link`, on the server of the process PID.
"""

import asyncio
import gzip
import http.client
import json
import re
import sys
import threading
import time
import urllib.parse

PASSWORD = "eleven lazy otters knit"
PAGES = ["now", "incidents", "incidents?state=resolved", "incidents/7", "services", "people", "on-call",
         "routines/weekly?days=42", "search?q=disk", "audit"]
CLIENTS, OPEN, READ, CREATES, SPAN = 20, 500, 40, 1000, 10


def asked(connection, method, path, cookie="", body=None):
    origin = f"http://localhost:{connection.port}"
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Host": origin[7:], "Origin": origin, "Cookie": cookie}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read()


def sign_in(server, path):
    connection = http.client.HTTPConnection(server)
    form = urllib.parse.urlencode({"password": PASSWORD, "again": PASSWORD})
    answer, _ = asked(connection, "POST", path, "", form)
    assert answer.status == 303, answer.status
    cookies = [line.split(";")[0] for name, line in answer.getheaders() if name == "set-cookie"]
    return "; ".join(cookies)


def first_visit(server, cookie):
    connection = http.client.HTTPConnection(server)
    _, page = asked(connection, "GET", "/app/now", cookie)
    text = gzip.decompress(page).decode() if page[:2] == b"\x1f\x8b" else page.decode()
    sizes = {"page": len(page)}
    for path in sorted(set(re.findall(r'(?:src|href)="(/app/[a-z]+-[0-9a-f]+\.[a-z]+)"', text))):
        _, body = asked(connection, "GET", path)
        sizes[path.split("/")[-1].split("-")[0]] = len(body)
    whole = sum(sizes.values())
    print(f"first visit, packed: {whole / 1024:.1f} KB in {len(sizes)} requests:",
          ", ".join(f"{name} {size / 1024:.1f}" for name, size in sizes.items()))


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def timed(server, cookie, page, seconds):
    times, end = [], time.monotonic() + seconds

    def client():
        connection = http.client.HTTPConnection(server)
        while time.monotonic() < end:
            began = time.monotonic()
            answer, _ = asked(connection, "GET", f"/app/{page}", cookie)
            times.append((time.monotonic() - began) * 1000)
            assert answer.status == 200, (page, answer.status)
            # Twenty people who read: each asks twice a second.
            time.sleep(0.5)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for number, thread in enumerate(threads):
        time.sleep(0.5 / len(threads))
        thread.start()
    for thread in threads:
        thread.join()
    print(f"  /app/{page:28} p50 {percentile(times, 0.5):6.1f} ms  p99 {percentile(times, 0.99):6.1f} ms  of {len(times)}")


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024


def processor(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


class Page:
    """A page that is open; of those that are only held open, what comes is thrown away."""

    def __init__(self, is_read):
        self.messages, self.arrivals, self.is_read = [], {}, is_read

    async def run(self, server, cookie, view):
        host, port = server.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        path = f"/app/live?view={urllib.parse.quote(view, safe='')}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/event-stream\r\n"
                     f"Cookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n".encode())
        try:
            await reader.readuntil(b"\nid:")
            self.messages.append(time.monotonic())
            while not self.is_read and await reader.read(65536):
                pass
            while line := await reader.readline():
                if line.startswith(b"id:"):
                    self.messages.append(time.monotonic())
                for number in re.findall(rb'id="i(\d+)"', line):
                    self.arrivals.setdefault(int(number), time.monotonic())
        except asyncio.CancelledError:
            writer.close()


def create(server, key, made, seconds):
    connection = http.client.HTTPConnection(server)
    begun = time.monotonic()
    for number in range(CREATES):
        wait = begun + number * seconds / CREATES - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        order = {"title": f"live {number}", "users": ["ben"], "urgency_level": 3}
        connection.request("POST", "/incidents/create", json.dumps(order), {"Authorization": f"token {key}"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
        made.append(time.monotonic())


def number_of_newest(server, key):
    connection = http.client.HTTPConnection(server)
    connection.request("POST", "/incidents/list", '{"limit": 1}', {"Authorization": f"token {key}"})
    return json.loads(connection.getresponse().read())[0]["organization_instance_id"]


async def live(server, key, cookie, pid):
    made = []
    used = processor(pid)
    await asyncio.to_thread(create, server, key, made, SPAN)
    alone = processor(pid) - used
    before = memory(pid)
    pages = [Page(number < READ) for number in range(OPEN)]
    tasks = [asyncio.create_task(page.run(server, cookie, "/app/incidents")) for page in pages]
    while not all(page.messages for page in pages):
        await asyncio.sleep(0.1)
    opened, newest, first = memory(pid), [], number_of_newest(server, key) + 1
    used = processor(pid)
    await asyncio.to_thread(create, server, key, newest, SPAN)
    took = processor(pid) - used
    await asyncio.sleep(1)
    read = pages[:READ]
    waits = [(page.arrivals[first + number] - newest[number]) * 1000
             for page in read for number in range(CREATES) if first + number in page.arrivals]
    seen = len(waits) / (READ * CREATES)
    rounds = [sorted({round(at * 20) for at in page.messages}) for page in read]
    most = max(sum(1 for at in of if begun <= at < begun + 20) for of in rounds for begun in of)
    print(f"{OPEN} live pages, {CREATES} incidents in {SPAN} s: {memory(pid) - before:.0f} MB more ({opened - before:.0f} at rest), "
          f"processor {took / SPAN:.0%} of a core, {alone / SPAN:.0%} without; told at most {most} times a second; "
          f"from the answer to the page p50 {percentile(waits, 0.5):.0f} ms, p99 {percentile(waits, 0.99):.0f} ms; seen {seen:.1%}")
    for task in tasks:
        task.cancel()


def main():
    server, key, path, pid, seconds = sys.argv[1:]
    cookie = sign_in(server, path)
    first_visit(server, cookie)
    print(f"{CLIENTS} clients, each asking twice a second:")
    for page in PAGES:
        timed(server, cookie, page, float(seconds))
    asyncio.run(live(server, key, cookie, pid))


main()

"""What commands and other people's pages cost while very many pages wait for one person.

Usage: waiting.py SERVER KEY, while mail goes to port 18025 and pages of `hook` to port 18082. Prints, for each phase, how many
and the milliseconds p50, p99 and the greatest: commands of each kind; creates while an answer to a message that lists
thousands of incidents is worked off, and how long that took; and from create to page by webhook. 100 a second, 15 s each.
"""

import asyncio
import http.client
import json
import queue
import random
import re
import sys
import threading
import time

from aiosmtpd.controller import Controller

RATE, SECONDS = 100, 15
HOOK, MAIL = 18082, 18025
server, key = sys.argv[1], sys.argv[2]
links, arrived, lock = [], {}, threading.Lock()


class Mailbox:
    async def handle_DATA(self, _server, _session, envelope):
        text = envelope.content.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode("utf-8", "replace")
        size = re.search(r"(\d+) incidents came", text)
        link = re.search(r"Acknowledge all:?\s+(http\S+)", text)
        if size and link:
            links.append((int(size.group(1)), link.group(1)))
        return "250 OK"


async def hook(reader, writer):
    """One connection of HTTP/1.1, kept."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", head, re.I).group(1))
            body = await reader.readexactly(length)
            title = re.search(rb"waiting (\d+)\.", body)
            if title:
                arrived.setdefault(int(title.group(1)), time.monotonic())
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    except asyncio.IncompleteReadError:
        writer.close()


def call(connection, path, body):
    connection.request("POST", path, json.dumps(body), {"Authorization": f"token {key}"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (path, answer.status, text)
    return json.loads(text)


def told(what, micros):
    if not micros:
        return print(f"{what:44} none")
    micros.sort()
    p50, p99 = micros[len(micros) // 2], micros[len(micros) * 99 // 100]
    print(f"{what:44} {len(micros):6}   p50 {p50:7.1f}   p99 {p99:7.1f}   most {micros[-1]:7.1f} ms", flush=True)


def load(seconds, order, done=lambda number, began, ended: None, stop=lambda: False):
    """Calls `order(number)` = (kind, path, body) RATE times a second by eight connections; milliseconds by kind."""
    orders, took = queue.Queue(), {}

    def caller():
        connection = http.client.HTTPConnection(server)
        while (number := orders.get()) is not None:
            kind, path, body = order(number)
            began = time.monotonic()
            call(connection, path, body)
            ended = time.monotonic()
            done(number, began, ended)
            with lock:
                took.setdefault(kind, []).append((ended - began) * 1000)

    callers = [threading.Thread(target=caller) for _ in range(8)]
    for one in callers:
        one.start()
    begun, number = time.monotonic(), 0
    while number < seconds * RATE and not stop():
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        orders.put(number)
        number += 1
    for _ in callers:
        orders.put(None)
    for one in callers:
        one.join()
    return took


def main():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.start_server(hook, "127.0.0.1", HOOK))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    Controller(Mailbox(), hostname="127.0.0.1", port=MAIL).start()
    print("mail and webhook are taken", flush=True)
    assert sys.stdin.readline(), "told that the pages wait"

    connection = http.client.HTTPConnection(server)
    newest = call(connection, "/incidents/list", {"limit": 1})[0]["instance_id"]
    silent = lambda number: ("create", "/incidents/create", {"title": "Quiet", "users": ["nobody"], "urgency_level": 4})

    def command(number):
        one = random.randint(newest - 150_000, newest)
        return [
            silent(number),
            ("acknowledge", "/incidents/acknowledge", {"instance_id": one, "by": "ana"}),
            ("details", "/incidents/details", {"instance_id": one}),
            ("note", "/incidents/notate", {"instance_id": one, "notes": "looking"}),
        ][number % 4]

    for kind, took in sorted(load(SECONDS, command).items()):
        told(f"{kind}, while they wait", took)

    size, link = max(links) if links else (0, None)
    if link:
        ended = []

        def answer():
            began = time.monotonic()
            there = http.client.HTTPConnection(server, timeout=600)
            there.request("POST", re.sub(r"^https?://[^/]+", "", link))
            answer = there.getresponse()
            assert answer.status == 200, (answer.status, answer.read())
            ended.append(time.monotonic() - began)

        thread = threading.Thread(target=answer)
        thread.start()
        took = load(300, silent, stop=lambda: bool(ended))
        thread.join()
        told(f"create, while {size} are acknowledged at once", took.get("create", []))
        print(f"{'acknowledged ' + str(size) + ' by one link':44} {ended[0]:6.1f} s", flush=True)

    sent = {}
    paged = lambda number: ("page", "/incidents/create", {"title": f"waiting {number}.", "users": ["hook"], "urgency_level": 4})
    load(SECONDS, paged, done=lambda number, began, ended: sent.setdefault(number, began))
    deadline = time.monotonic() + 30
    while len(arrived) < len(sent) and time.monotonic() < deadline:
        time.sleep(0.1)
    told("from create to page, webhook", [(at - sent[number]) * 1000 for number, at in arrived.items()])
    print(f"pages that did not come: {len(sent) - len(arrived)}", flush=True)


main()

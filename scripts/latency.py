"""From create to page: 100 creates a second, each to a person of their own, told by webhook and by e-mail.

Usage: latency.py SERVER KEY PEOPLE, with the pages of person N going to port 18082 (webhook) and 18083 (SMTP). Prints for
each channel the milliseconds from sending the request to the page's arrival: p50, p99, the greatest, and how many came.
"""

import asyncio
import email
import http.client
import json
import queue
import re
import sys
import threading
import time

from aiosmtpd.controller import Controller

RATE = 100
HOOK, MAIL = 18082, 18083
arrived = {"webhook": {}, "e-mail": {}}


async def hook(reader, writer):
    """One connection of HTTP/1.1, kept."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", head, re.I).group(1))
            body = await reader.readexactly(length)
            note("webhook", body)
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    except asyncio.IncompleteReadError:
        writer.close()


class Mailbox:
    async def handle_DATA(self, _server, _session, envelope):
        subject = email.message_from_bytes(envelope.content)["Subject"]
        note("e-mail", subject.encode())
        return "250 OK"


def note(channel, text):
    title = re.search(rb"latency (\d+)\.", text)
    if title:
        arrived[channel].setdefault(int(title.group(1)), time.monotonic())


def create(server, key, orders, sent):
    connection = http.client.HTTPConnection(server)
    while (number := orders.get()) is not None:
        order = {"title": f"latency {number}.", "users": [f"p{number}"], "urgency_level": 4}
        sent[number] = time.monotonic()
        connection.request("POST", "/incidents/create", json.dumps(order), {"Authorization": f"token {key}"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text


def main():
    server, key, people = sys.argv[1], sys.argv[2], int(sys.argv[3])
    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.start_server(hook, "127.0.0.1", HOOK))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    mail = Controller(Mailbox(), hostname="127.0.0.1", port=MAIL)
    mail.start()
    orders, sent = queue.Queue(), {}
    callers = [threading.Thread(target=create, args=(server, key, orders, sent)) for _ in range(8)]
    for caller in callers:
        caller.start()
    begun = time.monotonic()
    for number in range(people):
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        orders.put(number)
    for _ in callers:
        orders.put(None)
    for caller in callers:
        caller.join()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(len(pages) < people for pages in arrived.values()):
        time.sleep(0.05)
    mail.stop()
    for channel, pages in arrived.items():
        taken = sorted((pages[number] - sent[number]) * 1000 for number in pages)
        if not taken:
            print(f"{channel} none arrived of {people}")
            continue
        p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
        print(f"{channel} p50 {p50:.1f} ms p99 {p99:.1f} ms greatest {taken[-1]:.1f} ms arrived {len(taken)} of {people}")


main()

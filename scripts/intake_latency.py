"""From a body of a sender to its answer: 100 a second, by Alertmanager's webhook and PagerDuty's API in turns, each alert once
firing and once over, durable before the answer.

Usage: intake_latency.py SERVER WEBHOOK_PATH ROUTING_KEY SECONDS [MOST_MS]. Prints p50, p99 and the greatest, in milliseconds
from the first byte sent to the last one read. Fails if the p99 is above MOST_MS, if that is given, or if a body is refused.
"""

import http.client
import json
import queue
import sys
import threading
import time

RATE = 100
CALLERS = 8


def delivery(number, webhook, routing_key):
    """The path and body of one delivery; of four that follow each other, two fire and two say that the same is over."""
    place, kind = number // 4 * 2 + number % 2, number % 4
    name, is_over = f"host-{place}", kind >= 2
    if number % 2:
        event = {"routing_key": routing_key, "event_action": "resolve" if is_over else "trigger", "dedup_key": name}
        return "/v2/enqueue", event | {"payload": {"summary": f"{name} is down", "source": name, "severity": "error"}}
    alert = {
        "status": "resolved" if is_over else "firing",
        "labels": {"alertname": "Down", "instance": name, "severity": "high"},
        "annotations": {"summary": f"{name} is down"},
        "fingerprint": name,
    }
    return webhook, {"version": "4", "status": alert["status"], "groupKey": name, "alerts": [alert]}


def deliver(server, orders, taken, refused):
    connection = http.client.HTTPConnection(server)
    while (order := orders.get()) is not None:
        path, body = order[0], json.dumps(order[1])
        begun = time.monotonic()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        taken.append((time.monotonic() - begun) * 1000)
        if answer.status not in (200, 202):
            refused.append(text)


def main():
    server, webhook, routing_key, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    most = float(sys.argv[5]) if len(sys.argv) > 5 else None
    orders, taken, refused = queue.Queue(), [], []
    callers = [threading.Thread(target=deliver, args=(server, orders, taken, refused)) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    begun = time.monotonic()
    for number in range(RATE * seconds):
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        orders.put(delivery(number, webhook, routing_key))
    for _ in callers:
        orders.put(None)
    for caller in callers:
        caller.join()
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    print(f"p50 {p50:.1f} ms p99 {p99:.1f} ms greatest {taken[-1]:.1f} ms of {len(taken)}, refused {len(refused)}")
    if refused:
        sys.exit(f"refused: {refused[0]!r}")
    if most is not None and p99 > most:
        sys.exit(f"the p99 is above {most:g} ms")


main()

"""A mail server on a free port of the loopback: prints its port, then a line of JSON for each mail it takes. Its
connections are numbered in the order in which they were accepted, and the greeting tells the number. With an argument it
listens on that port."""

import asyncio
import email
import email.policy
import itertools
import json
import os
import sys
import threading

from aiosmtpd.smtp import SMTP


connections = itertools.count(1)


class Printer:
    def __init__(self):
        self.connection = next(connections)

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        heard = {
            "connection": self.connection,
            "recipients": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "message_id": mail["Message-ID"],
            "in_reply_to": mail["In-Reply-To"],
            "body": mail.get_body(("plain",)).get_content(),
        }
        print(json.dumps(heard), flush=True)
        return "250 OK"


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


def connection():
    printer = Printer()
    return SMTP(printer, hostname="localhost", ident=f"connection {printer.connection}")


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


threading.Thread(target=end_with_the_test, daemon=True).start()
asyncio.run(serve())

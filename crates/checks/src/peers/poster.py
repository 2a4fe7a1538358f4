"""Sends the mail on stdin by smtplib and prints what the server said, as JSON: for each recipient, and for the mail."""

import json
import smtplib
import ssl
import sys

port, sender, recipients, authority = int(sys.argv[1]), sys.argv[2], sys.argv[3].split(","), sys.argv[4]
mail = sys.stdin.buffer.read()

client = smtplib.SMTP("localhost", port, local_hostname="mon.example.org", timeout=60)
if authority:
    client.starttls(context=ssl.create_default_context(cafile=authority))
try:
    refused = client.sendmail(sender, recipients, mail, mail_options=["SMTPUTF8"])
    told = {"code": 250}
except smtplib.SMTPRecipientsRefused as error:
    refused, told = error.recipients, {"code": None}
except smtplib.SMTPResponseException as error:
    refused, told = {}, {"code": error.smtp_code, "words": error.smtp_error.decode()}
told["refused"] = {recipient: code for recipient, (code, _) in refused.items()}
told["cipher"] = client.sock.version() if client.sock and authority else None
print(json.dumps(told))
if client.sock:
    client.quit()

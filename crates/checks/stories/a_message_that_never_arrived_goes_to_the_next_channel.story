# A message that the carrier took and could not deliver goes to the next channel, and the incident says so.
# on-call §4: permanent failure: next channel at once; receipts are taken in.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
> wait 30 seconds
> the carrier reports ana's last sms as undelivered
-> 204 nothing
Mon 02 Mar 08:00:30  #1  DISPATCH (SYSTEM), ana sms was given up: the carrier reports: undelivered; voice is asked at once, next 09:00
Mon 02 Mar 08:00:30  ana voice: High: Disk full. This is incident 1. {digits}
> show the ledger of #1
-> ana email page: due 08:00, sent 08:00, attempts: delivered (250 taken), skipped chat, push
-> ana sms page: due 08:00, failed because: the carrier reports: undelivered, attempts: delivered (250 taken)
-> ana voice page: due 08:00:30, sent 08:00:30, attempts: delivered (250 taken)
-> ana voice page: due 08:07, waiting until 08:07

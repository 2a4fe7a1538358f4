# A step is looked at again when it is due: a call is not made for an incident that was lowered meanwhile.
# on-call §3 and contract §3: a notification is sent only if, at that instant, its incident still calls for it.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified voice
> alert "Disk full" for policy primary, urgency 5
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 5, next 09:00
Mon 02 Mar 08:00  ana email: [#1] Critical: Disk full
> wait 3 minutes
Mon 02 Mar 08:02  ana voice: Critical: Disk full. This is incident 1. {digits}
> ben sets the urgency of #1 to 2
Mon 02 Mar 08:03  #1  URGENCY AMENDMENT by Ben (INCIDENTS_API), urgency 2, notified nobody
> wait 10 minutes
> show the ledger of #1
-> ana email page: due 08:00, sent 08:00, attempts: delivered (250 taken), skipped chat, push, sms
-> ana voice page: due 08:02, sent 08:02, attempts: delivered (250 taken)
-> ana voice page: due 08:07, dropped because: the urgency fell, and nothing asks for this channel any more

# Nor by a contact that is not the person's any more.
> alert "Queue grows" for policy primary, urgency 5
Mon 02 Mar 08:13  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 5, next 09:13
Mon 02 Mar 08:13  ana email: [#2] Critical: Queue grows
> the directory changes:
| [[user]]
| username = "ana"
| email = "ana@example.org"
> wait 10 minutes
Mon 02 Mar 08:15  #2  DISPATCH (SYSTEM), ana voice was given up: user `ana` has no voice contact any more, next 09:13
Mon 02 Mar 08:20  #2  DISPATCH (SYSTEM), ana voice was given up: user `ana` has no voice contact any more, next 09:13
> show the ledger of #2
-> ana email page: due 08:13, sent 08:13, attempts: delivered (250 taken), skipped chat, push, sms
-> ana voice page: due 08:15, failed because: user `ana` has no voice contact any more, attempts: permanent failure (user `ana` has no voice contact any more)
-> ana voice page: due 08:20, failed because: user `ana` has no voice contact any more, attempts: permanent failure (user `ana` has no voice contact any more)

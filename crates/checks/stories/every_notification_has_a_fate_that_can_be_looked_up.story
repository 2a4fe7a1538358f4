# Every notification has a fate that can be looked up, with each attempt, and can be sent again.
# issue: the delivery ledger. field: no way to see a failed delivery or to send again.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ben has verified voice
> ana's email answers: never
> ben's email answers: not before 60 seconds
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> failed for good: 550 no such person
Mon 02 Mar 08:00  ben email: [#1] High: Disk full -> failed for now: 429 later
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ana email was given up: 550 no such person, next 09:00
> show the ledger of #1
-> ana email page: due 08:00, failed because: 550 no such person, attempts: permanent failure (550 no such person), skipped chat, push, sms, voice
-> ben email page: due 08:00, waiting until 08:01~, attempts: temporary failure (429 later), skipped chat, push, sms
-> ben voice page: due 08:02, waiting until 08:02
-> ben voice page: due 08:07, waiting until 08:07
> ana acknowledges #1
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:15
> show the ledger of #1
-> ana email page: due 08:00, failed because: 550 no such person, attempts: permanent failure (550 no such person), skipped chat, push, sms, voice
-> ben email page: due 08:00, dropped because: somebody acted, attempts: temporary failure (429 later), skipped chat, push, sms
-> ben voice page: due 08:02, dropped because: somebody acted
-> ben voice page: due 08:07, dropped because: somebody acted
> POST /v1/incidents/1/notifications/ntf_1_100000/resend {"by": "ben"}
"Success"
Mon 02 Mar 08:00  #1  DISPATCH by Ben (INCIDENTS_API), ana email is sent again, next 08:15
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> ana resolves #1
Mon 02 Mar 08:00  #1  RESOLVE by Ana (INCIDENTS_API)
> POST /v1/incidents/1/notifications/ntf_1_100000/resend {}
-> 409 already_resolved: instance_id: incident 1 is already resolved
> POST /v1/incidents/1/notifications/ntf_1_7/resend {}
-> 404 unknown_notification: delivery_id: the incident has no notification `ntf_1_7`

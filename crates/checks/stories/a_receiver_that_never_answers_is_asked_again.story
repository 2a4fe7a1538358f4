# A receiver that never answers is asked again, with the same message.
# on-call §4: a time-out is a temporary failure.

[[user]]
username = "ana"
webhook = { url = "{outside}/ana", secrets = ["whsec_c2VjcmV0", "whsec_b2xkIHNlY3JldA=="] }

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> the way to /ana answers: hang
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana webhook: [#1] High: Disk full -> failed for now: no answer in time
Mon 02 Mar 08:00  POST /ana incident.page, signatures: 2 -> no answer
> wait 1 minute
Mon 02 Mar 08:00~  ana webhook: [#1] High: Disk full (attempt 2)
Mon 02 Mar 08:00~  POST /ana incident.page, signatures: 2 -> 200

# A message that is tried again says the same, whatever happened to its incident.
# field: a message was rendered again on retry, so it changed.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana's email answers: not now
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> failed for now: 451 not now
> POST /incidents/edit-title {"instance_id": 1, "title": "Disk replaced", "by": "ben"}
"Success"
Mon 02 Mar 08:00  #1  EDIT TITLE by Ben (INCIDENTS_API), title Disk replaced
> wait 1 minute
Mon 02 Mar 08:00~  ana email: [#1] High: Disk full (attempt 2)

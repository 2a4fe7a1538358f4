# A server that is killed loses no page, and the next one goes on.
# field: pending notifications were lost on restart.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 5, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana's email answers: not now
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> failed for now: 451 not now
> the server is killed and starts again
> wait 1 minute
Mon 02 Mar 08:00~  ana email: [#1] High: Disk full (attempt 2)
> the server is killed and starts again
> wait 5 minutes
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: ben, next 08:10
Mon 02 Mar 08:05  ben email: [#1] High: Disk full

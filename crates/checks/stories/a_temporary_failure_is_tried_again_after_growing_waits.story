# A temporary failure is tried again after growing waits, for as long as the incident calls for it.
# on-call §4: waits in seconds at first, with jitter. A carrier that asks for a pause is given it.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana's email answers: not now, not now, not before 60 seconds, not now
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> failed for now: 451 not now
> wait 1 second
> wait 10 seconds
Mon 02 Mar 08:00~  ana email: [#1] High: Disk full (attempt 2) -> failed for now: 451 not now
Mon 02 Mar 08:00~  ana email: [#1] High: Disk full (attempt 3) -> failed for now: 429 later
> wait 2 minutes
Mon 02 Mar 08:01~  ana email: [#1] High: Disk full (attempt 4) -> failed for now: 451 not now
Mon 02 Mar 08:01~  ana email: [#1] High: Disk full (attempt 5)

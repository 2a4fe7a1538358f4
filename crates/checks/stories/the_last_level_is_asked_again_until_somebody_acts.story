# The last level is asked again and again until somebody acts.
# on-call §1, when_exhausted = "repeat_last" (the default); contract §3: an open incident is never forgotten.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 10, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 40 minutes
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: ben, next 08:15
Mon 02 Mar 08:05  ben email: [#1] High: Disk full
Mon 02 Mar 08:15  #1  DISPATCH (SYSTEM), level 2: ben, next 08:25
Mon 02 Mar 08:15  ben email: [#1] High: Disk full
Mon 02 Mar 08:25  #1  DISPATCH (SYSTEM), level 2: ben, next 08:35
Mon 02 Mar 08:25  ben email: [#1] High: Disk full
Mon 02 Mar 08:35  #1  DISPATCH (SYSTEM), level 2: ben, next 08:45
Mon 02 Mar 08:35  ben email: [#1] High: Disk full
> ben resolves #1
Mon 02 Mar 08:40  #1  RESOLVE by Ben (INCIDENTS_API)
Mon 02 Mar 08:40  ana email: [#1] Resolved: Disk full
> wait 1 day

# A policy that restarts asks the first level again after the last.
# on-call §1, when_exhausted = "restart".

[[escalation_policy]]
name = "round"
when_exhausted = "restart"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 10, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy round
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 30 minutes
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: ben, next 08:15
Mon 02 Mar 08:05  ben email: [#1] High: Disk full
Mon 02 Mar 08:15  #1  DISPATCH (SYSTEM), level 1: ana, next 08:20
Mon 02 Mar 08:15  ana email: [#1] High: Disk full
Mon 02 Mar 08:20  #1  ESCALATE (SYSTEM), level 2: ben, next 08:30
Mon 02 Mar 08:20  ben email: [#1] High: Disk full
Mon 02 Mar 08:30  #1  DISPATCH (SYSTEM), level 1: ana, next 08:35
Mon 02 Mar 08:30  ana email: [#1] High: Disk full

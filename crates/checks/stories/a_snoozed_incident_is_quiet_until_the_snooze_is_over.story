# A snoozed incident is quiet until the snooze is over, and then goes on where it was.
# contract §3.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 5, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> ana snoozes #1 for 90 minutes
Mon 02 Mar 08:00  #1  SNOOZE by Ana (INCIDENTS_API), snooze for 90, next 09:30
> wait 89 minutes
> wait 1 minute
Mon 02 Mar 09:30  #1  ESCALATE (SYSTEM), level 2: ben, next 09:35
Mon 02 Mar 09:30  ben email: [#1] High: Disk full

# An acknowledged incident that nobody resolves comes back to its level.
# contract §3: ACKNOWLEDGED and due opens again, and the level is resolved again.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 5, users = ["ben"] }]

[[service]]
name = "web"
escalation_policy = "primary"
acknowledgement_minutes = 20

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" on web
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 1 minute
> ana acknowledges #1
Mon 02 Mar 08:01  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:21
> wait 10 minutes
> ana acknowledges #1
Mon 02 Mar 08:11  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:31
> wait 19 minutes
> wait 1 minute
Mon 02 Mar 08:31  #1  DISPATCH (SYSTEM), level 1: ana, next 08:36
Mon 02 Mar 08:31  ana email: [#1] High: Disk full
> wait 5 minutes
Mon 02 Mar 08:36  #1  ESCALATE (SYSTEM), level 2: ben, next 08:41
Mon 02 Mar 08:36  ben email: [#1] High: Disk full

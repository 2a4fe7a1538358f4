# The second level hears when the first is silent.
# on-call §1: a level waits its minutes, then the next one is asked.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 10, users = ["ben"] }]

[[service]]
name = "web"
escalation_policy = "primary"

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" on web
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 4 minutes
> wait 1 minute
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: ben, next 08:15
Mon 02 Mar 08:05  ben email: [#1] High: Disk full
> ben acknowledges #1
Mon 02 Mar 08:05  #1  ACKNOWLEDGE by Ben (INCIDENTS_API), next 08:20
> wait 10 minutes

# One policy serves many services, and a service always has one.
# on-call §1.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }]

[[service]]
name = "web"
escalation_policy = "primary"

[[service]]
name = "mail"
escalation_policy = "primary"
acknowledgement_minutes = 30

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" on web
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> alert "Queue grows" on mail
Mon 02 Mar 08:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#2] High: Queue grows

# The acknowledgement wait is the service's; 15 minutes where it says none.
> ana acknowledges #1
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:15
> ana acknowledges #2
Mon 02 Mar 08:00  #2  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:30

> the directory changes:
| [[service]]
| name = "attic"
-> service `attic`: `escalation_policy` is missing

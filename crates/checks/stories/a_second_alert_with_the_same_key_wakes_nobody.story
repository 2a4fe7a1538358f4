# A second alert with the same key wakes nobody, and is counted where it can be seen.
# contract §3; field: an alert swallowed into an old group, and nobody knew where.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary, key "disk"
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 1 minute
> alert "Disk fuller" for policy primary, key "disk"
{instance_id: 1, timestamp: "2026-03-02T08:00:00.000000", deduplicated: true}
> show #1
{status: "OPEN", urgency_level: 4, assignee_level: 1, assignees: ["ana"], suppressed_count: 1}
> ana resolves #1
Mon 02 Mar 08:01  #1  RESOLVE by Ana (INCIDENTS_API)
> alert "Disk full" for policy primary, key "disk"
Mon 02 Mar 08:01  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:01
Mon 02 Mar 08:01  ana email: [#2] High: Disk full

# An absorbed incident pages nobody any more, and its survivor nobody again.
# contract §2, merge: its responders are not notified again.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified voice
> alert "Disk full" for policy primary, key "disk"
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 1 minute
> alert "Database down" for policy primary
Mon 02 Mar 08:01  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:06
Mon 02 Mar 08:01  ana email: [#2] High: Database down
> ana merges #1 into #2
Mon 02 Mar 08:01  #1  MERGE by Ana (INCIDENTS_API), merged into 2
Mon 02 Mar 08:01  #2  MERGE by Ana (INCIDENTS_API), absorbed 1
> alert "Disk full" for policy primary, key "disk"
{instance_id: 2, timestamp: "2026-03-02T08:01:00.000000", deduplicated: true}
> show #2
{status: "OPEN", urgency_level: 4, assignee_level: 1, assignees: ["ana"], suppressed_count: 1}
> wait 10 minutes
Mon 02 Mar 08:03  ana voice: High: Database down. This is incident 2. {digits}
Mon 02 Mar 08:06  #2  ESCALATE (SYSTEM), level 2: ben, next 09:06
Mon 02 Mar 08:06  ben email: [#2] High: Database down

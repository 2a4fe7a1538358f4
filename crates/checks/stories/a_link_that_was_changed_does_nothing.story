# A link that was changed does nothing.
# on-call §4: an action link is signed.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> somebody changes a letter of ana's link Acknowledge and presses it
-> 404 This is not known here - Perhaps a part of the link is missing.
> show #1
{status: "OPEN", urgency_level: 4, assignee_level: 1, assignees: ["ana"], suppressed_count: 0}

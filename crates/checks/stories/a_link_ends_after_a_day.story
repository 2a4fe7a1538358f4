# A link ends after a day, and speaks of one incident only.
# on-call §4: an action link is signed, for one incident and one person, and expires.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10080, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Mon 09 Mar 08:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 24 hours
> alert "Queue grows" for policy primary
Tue 03 Mar 08:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Tue 10 Mar 08:00
Tue 03 Mar 08:00  ana email: [#2] High: Queue grows
> ana presses Acknowledge of the email about #1
-> 410 This came too late - A message can be answered for 24 hours. Nothing was changed.
> ana opens Acknowledge of the email about #1
-> 410 This came too late - A message can be answered for 24 hours. Nothing was changed.
> ana presses Acknowledge of the email about #2
-> 200 ▲ High · ACK · UTC 08:00 Incident #2 is acknowledged - Queue grows Since 08:00 today · now If nobody acts Asks Ana again 08:15 today · in 15 min Came in 1 alert The whole incident (signed in)
Tue 03 Mar 08:00  #2  ACKNOWLEDGE by Ana (LINK), next 08:15
> show #1
{status: "OPEN", urgency_level: 4, assignee_level: 1, assignees: ["ana"], suppressed_count: 0}

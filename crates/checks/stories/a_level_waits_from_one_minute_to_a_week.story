# A level waits from one minute to a week, and no other wait is accepted.
# on-call §1: minutes, 1 to 10080. A mistake is told by its place and changes nothing.

[[escalation_policy]]
name = "slow"
levels = [{ minutes = 10080, users = ["ana"] }, { minutes = 1, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Certificate ends in a month" for policy slow
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Mon 09 Mar 08:00
Mon 02 Mar 08:00  ana email: [#1] High: Certificate ends in a month
> wait 7 days
Mon 09 Mar 08:00  #1  ESCALATE (SYSTEM), level 2: ben, next 08:01
Mon 09 Mar 08:00  ben email: [#1] High: Certificate ends in a month
> wait 1 minute
Mon 09 Mar 08:01  #1  DISPATCH (SYSTEM), level 2: ben, next 08:02
Mon 09 Mar 08:01  ben email: [#1] High: Certificate ends in a month
> ben resolves #1
Mon 09 Mar 08:01  #1  RESOLVE by Ben (INCIDENTS_API)
Mon 09 Mar 08:01  ana email: [#1] Resolved: Certificate ends in a month

> the directory changes:
| [[escalation_policy]]
| name = "slow"
| levels = [{ minutes = 10081, users = ["cho"] }, { minutes = 0, users = ["cho"] }]
-> escalation_policy `slow`: levels: level 1: minutes must be from 1 to 10080
-> escalation_policy `slow`: levels: level 2: minutes must be from 1 to 10080

# Nothing was changed.
> alert "Certificate ends in a week" for policy slow
Mon 09 Mar 08:01  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Mon 16 Mar 08:01
Mon 09 Mar 08:01  ana email: [#2] High: Certificate ends in a week
> ana resolves #2
Mon 09 Mar 08:01  #2  RESOLVE by Ana (INCIDENTS_API)

# A person who is asked directly is asked every five minutes, by a policy of their own.
# on-call §1: every user owns a one-level policy, which never shows among the named ones.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 30, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Call me" for ana
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Call me
> wait 12 minutes
Mon 02 Mar 08:05  #1  DISPATCH (SYSTEM), level 1: ana, next 08:10
Mon 02 Mar 08:05  ana email: [#1] High: Call me
Mon 02 Mar 08:10  #1  DISPATCH (SYSTEM), level 1: ana, next 08:15
Mon 02 Mar 08:10  ana email: [#1] High: Call me
> ana resolves #1
Mon 02 Mar 08:12  #1  RESOLVE by Ana (INCIDENTS_API)
> GET /list/escalation-policies
[{name: "primary", ref_id: "{policy primary}", policy_ref_id: "{policy primary}", levels: 1}]

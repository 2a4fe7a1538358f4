# The next level drops the calls that were still to come to the first.
# on-call §3: steps not yet due are dropped when the incident no longer calls for them; those that went out stay.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified voice
> ben has verified voice
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 30 minutes
Mon 02 Mar 08:02  ana voice: High: Disk full. This is incident 1. {digits}
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: ben, next 09:05
Mon 02 Mar 08:05  ben email: [#1] High: Disk full
Mon 02 Mar 08:07  ben voice: High: Disk full. This is incident 1. {digits}
Mon 02 Mar 08:12  ben voice: High: Disk full. This is incident 1. {digits}

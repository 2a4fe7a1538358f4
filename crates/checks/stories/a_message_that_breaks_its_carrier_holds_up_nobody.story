# A message that breaks its carrier, or that a carrier keeps silent about, holds up nobody else.
# field: one poison message stalled the whole sender.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben", "cho"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana's email answers: the carrier breaks
> ben's email answers: silence
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben and cho, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> silence
Mon 02 Mar 08:00  ben email: [#1] High: Disk full -> silence
Mon 02 Mar 08:00  cho email: [#1] High: Disk full
> wait 30 seconds
> ben's email answers at last: taken
> alert "Queue grows" for policy primary
Mon 02 Mar 08:00:30  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben and cho, next 09:00:30
Mon 02 Mar 08:00:30  ana email: [#2] High: Queue grows
Mon 02 Mar 08:00:30  ben email: [#2] High: Queue grows
Mon 02 Mar 08:00:30  cho email: [#2] High: Queue grows
# What broke is sent again when the lease of its first try is over.
> wait 1 minute
Mon 02 Mar 08:01  ana email: [#1] High: Disk full (attempt 2)

# A page that waits to be tried again ends with the acknowledgement.
# on-call §4: tried for at most as long as the incident calls for it.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana's email is down
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full -> failed for now: 451 not now
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> ben acknowledges #1
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ben (INCIDENTS_API), next 08:15
> wait 14 minutes
> ana's email works again
> wait 1 minute
Mon 02 Mar 08:15  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 09:15
Mon 02 Mar 08:15  ana email: [#1] High: Disk full
Mon 02 Mar 08:15  ben email: [#1] High: Disk full

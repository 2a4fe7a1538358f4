# An acknowledgement drops the calls that were to come.
# on-call §3: steps not yet due are dropped when the incident no longer calls for them.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified voice
> ben has verified voice
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> wait 3 minutes
Mon 02 Mar 08:02  ana voice: High: Disk full. This is incident 1. {digits}
Mon 02 Mar 08:02  ben voice: High: Disk full. This is incident 1. {digits}
> ben acknowledges #1
Mon 02 Mar 08:03  #1  ACKNOWLEDGE by Ben (INCIDENTS_API), next 08:18
> wait 14 minutes
> ben resolves #1
Mon 02 Mar 08:17  #1  RESOLVE by Ben (INCIDENTS_API)
Mon 02 Mar 08:17  ana email: [#1] Resolved: Disk full
> wait 1 hour

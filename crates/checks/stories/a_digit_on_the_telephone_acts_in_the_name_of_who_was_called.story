# A digit on the telephone acts in the name of who was called.
# on-call §4: voice speaks the title and takes digits.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified voice
> ben has verified voice
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 2 minutes
Mon 02 Mar 08:02  ana voice: High: Disk full. This is incident 1. {digits}
> show the last voice to ana
  High: Disk full. This is incident 1. Press 4 to acknowledge, 6 to resolve, 8 to escalate.
  [Acknowledge] [Resolve] [Escalate]
> ana presses 1 in the last call
-> 200 This key does nothing. Goodbye.
> ana presses 8 in the last call
-> 200 Incident #1 is escalated. Disk full
Mon 02 Mar 08:02  #1  ESCALATE by Ana (CALL), level 2: ben, next 09:02
Mon 02 Mar 08:02  ben email: [#1] High: Disk full
> wait 2 minutes
Mon 02 Mar 08:04  ben voice: High: Disk full. This is incident 1. {digits}
> ben presses 4 in the last call
-> 200 Incident #1 is acknowledged. Disk full
Mon 02 Mar 08:04  #1  ACKNOWLEDGE by Ben (CALL), next 08:19
> ben presses 6 in the last call
-> 200 Incident #1 is resolved. Disk full
Mon 02 Mar 08:04  #1  RESOLVE by Ben (CALL)
Mon 02 Mar 08:04  ana email: [#1] Resolved: Disk full
> ben presses 8 in the last call
-> 200 Incident #1 is resolved already. Nothing was changed.

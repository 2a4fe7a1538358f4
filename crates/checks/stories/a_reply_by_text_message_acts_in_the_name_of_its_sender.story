# A reply by text message acts in the name of its sender, by the code of the message.
# on-call §4: codes per incident and person for acknowledge, resolve, escalate.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }, { minutes = 60, users = ["cho"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms
> ben has verified sms
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
Mon 02 Mar 08:00  ben sms: [#1] High: Disk full. {replies with code 2}
> show the last sms to ana
  [#1] High: Disk full. Reply A{code 1} to acknowledge, R{code 1} to resolve, E{code 1} to escalate.
  [Acknowledge] [Resolve] [Escalate]
> alert "Queue grows" for policy primary
Mon 02 Mar 08:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana email: [#2] High: Queue grows
Mon 02 Mar 08:00  ana sms: [#2] High: Queue grows. {replies with code 3}
Mon 02 Mar 08:00  ben email: [#2] High: Queue grows
Mon 02 Mar 08:00  ben sms: [#2] High: Queue grows. {replies with code 4}
> ana replies "A{code 1}" by SMS
-> 200 Incident #1 is acknowledged. Disk full
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (SMS), next 08:15
> ben replies "e {code 4} please" by SMS
-> 200 Incident #2 is escalated. Queue grows
Mon 02 Mar 08:00  #2  ESCALATE by Ben (SMS), level 2: cho, next 09:00
Mon 02 Mar 08:00  cho email: [#2] High: Queue grows
> ben replies "R{code 2}" by SMS
-> 200 Incident #1 is resolved. Disk full
Mon 02 Mar 08:00  #1  RESOLVE by Ben (SMS)
Mon 02 Mar 08:00  ana email: [#1] Resolved: Disk full

# What cannot be done is said, and changes nothing.
> ana replies "A{code 1}" by SMS
-> 200 Incident #1 is resolved already. Nothing was changed.
> ana replies "hello" by SMS
-> 200 Not understood. Reply with a letter and the code of a message: A to acknowledge, R to resolve, E to escalate, such as A12345.
> ana replies "A00000" by SMS
-> 200 No message to you has this code. Nothing was changed.
# The code is ben's.
> ana replies "A{code 4}" by SMS
-> 200 No message to you has this code. Nothing was changed.

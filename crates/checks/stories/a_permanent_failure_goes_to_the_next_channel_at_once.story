# A permanent failure goes to the next channel at once, and the incident says so.
# on-call §4. A step that waits is brought forward; where none waits, another channel is asked. Nothing is tried twice.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice
> ana's sms answers: never
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1} -> failed for good: 550 no such person
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ana sms was given up: 550 no such person; voice is asked at once, next 09:00
Mon 02 Mar 08:00  ana voice: High: Disk full. This is incident 1. {digits}
> wait 10 minutes
Mon 02 Mar 08:07  ana voice: High: Disk full. This is incident 1. {digits}
> ana resolves #1
Mon 02 Mar 08:10  #1  RESOLVE by Ana (INCIDENTS_API)

# Where nothing else waits, another contact is better than none.
> ana's email answers: never
> alert "Disk fills" for policy primary, urgency 1
Mon 02 Mar 08:10  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 1, next 09:10
Mon 02 Mar 08:10  ana email: [#2] Minor: Disk fills -> failed for good: 550 no such person
Mon 02 Mar 08:10  #2  DISPATCH (SYSTEM), ana email was given up: 550 no such person; sms is asked at once, next 09:10
Mon 02 Mar 08:10  ana sms: [#2] Minor: Disk fills. {replies with code 2}
> ana resolves #2
Mon 02 Mar 08:10  #2  RESOLVE by Ana (INCIDENTS_API)

# Where nothing is left, the log says who was not reached, and the escalation goes on.
> cho's email answers: never
> alert "Disk fills" for cho
Mon 02 Mar 08:10  #3  TRIGGER by monitor (INCIDENTS_API), level 1: cho, next 08:15
Mon 02 Mar 08:10  cho email: [#3] High: Disk fills -> failed for good: 550 no such person
Mon 02 Mar 08:10  #3  DISPATCH (SYSTEM), cho email was given up: 550 no such person, next 08:15
> wait 5 minutes
Mon 02 Mar 08:15  #3  DISPATCH (SYSTEM), level 1: cho, next 08:20
Mon 02 Mar 08:15  cho email: [#3] High: Disk fills

# A high incident comes by e-mail, push and SMS at once, and calls after two minutes and again after seven.
# on-call §3, the defaults of urgency 4 and 5.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice and push
> alert "Disk full" for policy primary, urgency 4
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk full. {replies with code 1}
Mon 02 Mar 08:00  ana push: [#1] High: Disk full
> wait 30 minutes
Mon 02 Mar 08:02  ana voice: High: Disk full. This is incident 1. {digits}
Mon 02 Mar 08:07  ana voice: High: Disk full. This is incident 1. {digits}
> ana resolves #1
Mon 02 Mar 08:30  #1  RESOLVE by Ana (INCIDENTS_API)
> alert "Shop is down" for policy primary, urgency 5
Mon 02 Mar 08:30  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 5, next 09:30
Mon 02 Mar 08:30  ana email: [#2] Critical: Shop is down
Mon 02 Mar 08:30  ana sms: [#2] Critical: Shop is down. {replies with code 2}
Mon 02 Mar 08:30  ana push: [#2] Critical: Shop is down
> wait 30 minutes
Mon 02 Mar 08:32  ana voice: Critical: Shop is down. This is incident 2. {digits}
Mon 02 Mar 08:37  ana voice: Critical: Shop is down. This is incident 2. {digits}

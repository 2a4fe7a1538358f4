# A minor incident comes by e-mail only, and so does a low one.
# on-call §3, the defaults of urgency 1 and 2.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice and push
> alert "Certificate ends in a month" for policy primary, urgency 1
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 1, next 09:00
Mon 02 Mar 08:00  ana email: [#1] Minor: Certificate ends in a month
> alert "Certificate ends in a week" for policy primary, urgency 2
Mon 02 Mar 08:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 2, next 09:00
Mon 02 Mar 08:00  ana email: [#2] Low: Certificate ends in a week
> wait 30 minutes

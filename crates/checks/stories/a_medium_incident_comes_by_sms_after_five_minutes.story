# A medium incident comes by e-mail and push at once, and by SMS after five minutes.
# on-call §3, the defaults of urgency 3.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice and push
> alert "Disk fills" for policy primary, urgency 3
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 3, next 09:00
Mon 02 Mar 08:00  ana email: [#1] Medium: Disk fills
Mon 02 Mar 08:00  ana push: [#1] Medium: Disk fills
> wait 30 minutes
Mon 02 Mar 08:05  ana sms: [#1] Medium: Disk fills. {replies with code 1}

# A raised urgency pages again by the louder rules, and a lowered one pages nobody.
# contract §3: amend urgency: nobody, unless it rises: then the present assignees, by the rules of the new urgency.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> ana has verified sms and voice
> alert "Disk fills" for policy primary, urgency 3
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, urgency 3, next 09:00
Mon 02 Mar 08:00  ana email: [#1] Medium: Disk fills
> wait 1 minute
> ben sets the urgency of #1 to 5
Mon 02 Mar 08:01  #1  URGENCY AMENDMENT by Ben (INCIDENTS_API), urgency 5, notified ana
Mon 02 Mar 08:01  ana email: [#1] Critical: Disk fills
Mon 02 Mar 08:01  ana sms: [#1] Critical: Disk fills. {replies with code 1}
> wait 10 minutes
Mon 02 Mar 08:03  ana voice: Critical: Disk fills. This is incident 1. {digits}
Mon 02 Mar 08:08  ana voice: Critical: Disk fills. This is incident 1. {digits}
> ben sets the urgency of #1 to 1
Mon 02 Mar 08:11  #1  URGENCY AMENDMENT by Ben (INCIDENTS_API), urgency 1, notified nobody
> wait 10 minutes

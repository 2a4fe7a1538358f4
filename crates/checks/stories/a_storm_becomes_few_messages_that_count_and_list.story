# A storm becomes few messages that count and list what happened.
# issue: many incidents to one person by one channel within a short window become one message; e-mail and push at once
# after the first; SMS and voice strictly limited per person. No incident is left out of what the person can see.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the usual pace
> ana has verified sms and push
> 5 alerts "Disk {n} full" for policy primary, one every second
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk 1 full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk 1 full. {replies with code 1}
Mon 02 Mar 08:00  ana push: [#1] High: Disk 1 full
Mon 02 Mar 08:00:01  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00:01
Mon 02 Mar 08:00:02  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00:02
Mon 02 Mar 08:00:03  #4  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00:03
Mon 02 Mar 08:00:04  #5  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00:04
> wait 2 minutes
Mon 02 Mar 08:00:10  ana email: 4 incidents: #2 High: Disk 2 full, and 3 more
Mon 02 Mar 08:00:10  ana push: 4 incidents: #2 High: Disk 2 full; #3 High: Disk 3 full; #4 High: Disk 4 full, and 1 more
Mon 02 Mar 08:01  ana sms: 4 incidents: #2 High: Disk 2 full; #3 High: Disk 3 full; #4 High: Disk 4 full, and 1 more. {replies with code 2}
> show the last email to ana
  Ana,
  4 incidents came within a short time:
  #2–#5
  #2 High: Disk 2 full
  #3 High: Disk 3 full
  #4 High: Disk 4 full
  #5 High: Disk 5 full
  Server: https://reveille.example.org
  [Acknowledge all] [Resolve all] [Escalate all]
> show the last sms to ana
  4 incidents: #2 High: Disk 2 full; #3 High: Disk 3 full; #4 High: Disk 4 full, and 1 more. Reply A{code 2} to acknowledge all, R{code 2} to resolve all, E{code 2} to escalate all.
  [Acknowledge all] [Resolve all] [Escalate all]

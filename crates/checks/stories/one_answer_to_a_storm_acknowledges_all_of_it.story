# One answer to a storm acknowledges all of it, and then there is silence.
# issue: after acknowledging, silence. What somebody did already is left as it is.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, users = ["ana"] }, { minutes = 10, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the usual pace
> ana has verified sms
> 4 alerts "Disk {n} full" for policy primary, one every second
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10
Mon 02 Mar 08:00  ana email: [#1] High: Disk 1 full
Mon 02 Mar 08:00  ana sms: [#1] High: Disk 1 full. {replies with code 1}
Mon 02 Mar 08:00:01  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10:01
Mon 02 Mar 08:00:02  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10:02
Mon 02 Mar 08:00:03  #4  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10:03
> wait 1 minute
Mon 02 Mar 08:00:10  ana email: 3 incidents: #2 High: Disk 2 full, and 2 more
Mon 02 Mar 08:01  ana sms: 3 incidents: #2 High: Disk 2 full; #3 High: Disk 3 full; #4 High: Disk 4 full. {replies with code 2}
> ben resolves #3
Mon 02 Mar 08:01:04  #3  RESOLVE by Ben (INCIDENTS_API)
Mon 02 Mar 08:01:04  ana email: [#3] Resolved: Disk 3 full
> ana replies "A{code 2}" by SMS
-> 200 2 incidents are acknowledged. 1 did not call for it any more and was left as it is.
Mon 02 Mar 08:01:04  #2  ACKNOWLEDGE by Ana (SMS), next 08:16:04
Mon 02 Mar 08:01:04  #4  ACKNOWLEDGE by Ana (SMS), next 08:16:04
> ana presses Acknowledge all of the last email
-> 200 Nothing is left to acknowledge - 3 did not call for it any more and were left as they are.
> ana acknowledges #1
Mon 02 Mar 08:01:04  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:16:04
> wait 13 minutes

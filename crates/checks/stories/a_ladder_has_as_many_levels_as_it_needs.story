# A ladder has as many levels as it needs.
# on-call §1: levels from 1, no cap. The original product stopped at ten.

[[escalation_policy]]
name = "long"
levels = [
  { minutes = 1, users = ["ana"] },
  { minutes = 1, users = ["ben"] },
  { minutes = 1, users = ["cho"] },
  { minutes = 1, users = ["ana"] },
  { minutes = 1, users = ["ben"] },
  { minutes = 1, users = ["cho"] },
  { minutes = 1, users = ["ana"] },
  { minutes = 1, users = ["ben"] },
  { minutes = 1, users = ["cho"] },
  { minutes = 1, users = ["ana"] },
  { minutes = 1, users = ["ben"] },
  { minutes = 60, users = ["dee"] },
]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy long
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:01
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 20 minutes
Mon 02 Mar 08:01  #1  ESCALATE (SYSTEM), level 2: ben, next 08:02
Mon 02 Mar 08:01  ben email: [#1] High: Disk full
Mon 02 Mar 08:02  #1  ESCALATE (SYSTEM), level 3: cho, next 08:03
Mon 02 Mar 08:02  cho email: [#1] High: Disk full
Mon 02 Mar 08:03  #1  ESCALATE (SYSTEM), level 4: ana, next 08:04
Mon 02 Mar 08:03  ana email: [#1] High: Disk full
Mon 02 Mar 08:04  #1  ESCALATE (SYSTEM), level 5: ben, next 08:05
Mon 02 Mar 08:04  ben email: [#1] High: Disk full
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 6: cho, next 08:06
Mon 02 Mar 08:05  cho email: [#1] High: Disk full
Mon 02 Mar 08:06  #1  ESCALATE (SYSTEM), level 7: ana, next 08:07
Mon 02 Mar 08:06  ana email: [#1] High: Disk full
Mon 02 Mar 08:07  #1  ESCALATE (SYSTEM), level 8: ben, next 08:08
Mon 02 Mar 08:07  ben email: [#1] High: Disk full
Mon 02 Mar 08:08  #1  ESCALATE (SYSTEM), level 9: cho, next 08:09
Mon 02 Mar 08:08  cho email: [#1] High: Disk full
Mon 02 Mar 08:09  #1  ESCALATE (SYSTEM), level 10: ana, next 08:10
Mon 02 Mar 08:09  ana email: [#1] High: Disk full
Mon 02 Mar 08:10  #1  ESCALATE (SYSTEM), level 11: ben, next 08:11
Mon 02 Mar 08:10  ben email: [#1] High: Disk full
Mon 02 Mar 08:11  #1  ESCALATE (SYSTEM), level 12: dee, next 09:11
Mon 02 Mar 08:11  dee email: [#1] High: Disk full

# Added responders are asked at once, and nobody else is.
# contract §3: add responders: the added targets' level 1. Reassigning begins again at level 1 of the new targets.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, users = ["ana"] }, { minutes = 10, users = ["ben"] }]

[[escalation_policy]]
name = "databases"
levels = [{ minutes = 5, users = ["cho"] }, { minutes = 5, users = ["dee"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> wait 2 minutes
> ana adds policy databases to #1
Mon 02 Mar 08:02  #1  ADD RESPONDERS by Ana (INCIDENTS_API), new responders {policy databases}, notified cho
Mon 02 Mar 08:02  cho email: [#1] High: Disk full
> wait 8 minutes
Mon 02 Mar 08:10  #1  ESCALATE (SYSTEM), level 2: ben and dee, next 08:15
Mon 02 Mar 08:10  ben email: [#1] High: Disk full
Mon 02 Mar 08:10  dee email: [#1] High: Disk full
> ana reassigns #1 to policy databases and ben
Mon 02 Mar 08:10  #1  REASSIGN by Ana (INCIDENTS_API), level 1: cho and ben, reassign to {policy databases} and {ben's policy}, next 08:15
Mon 02 Mar 08:10  ben email: [#1] High: Disk full
Mon 02 Mar 08:10  cho email: [#1] High: Disk full
> wait 5 minutes
Mon 02 Mar 08:15  #1  ESCALATE (SYSTEM), level 2: dee and ben, next 08:20
Mon 02 Mar 08:15  ben email: [#1] High: Disk full
Mon 02 Mar 08:15  dee email: [#1] High: Disk full

# Everybody who is subscribed hears of updates and the end, and is asked for nothing.
# contract §3: notices are never called off.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> ana subscribes cho to #1
Mon 02 Mar 08:00  #1  ADD SUBSCRIBERS by Ana (INCIDENTS_API), subscribers cho
> ana acknowledges #1
Mon 02 Mar 08:00  #1  ACKNOWLEDGE by Ana (INCIDENTS_API), next 08:15
> ana tells the subscribers of #1 "We are on it"
Mon 02 Mar 08:00  #1  STATUS UPDATE by Ana (INCIDENTS_API), status update We are on it
Mon 02 Mar 08:00  cho email: [#1] Update: Disk full
> ana resolves #1
Mon 02 Mar 08:00  #1  RESOLVE by Ana (INCIDENTS_API)
Mon 02 Mar 08:00  cho email: [#1] Resolved: Disk full

# An empty group is an intended gap, and the next level is asked at once.
# on-call §2: an empty group is kept. contract §3: a level on which nobody is on call is passed over, and it is said.

[[routine]]
name = "odd days"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana"], []] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, routines = ["odd days"] }, { minutes = 10, users = ["ben"] }]

[story]
> it is 2026-03-03 12:00 in UTC
> alert "Disk full" for policy primary
Tue 03 Mar 12:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next 12:10
Tue 03 Mar 12:00  #1  ESCALATE (SYSTEM), level 2: ben, passed over level 1, next 12:10
Tue 03 Mar 12:00  ben email: [#1] High: Disk full
> ben resolves #1
Tue 03 Mar 12:00  #1  RESOLVE by Ben (INCIDENTS_API)
> it becomes 2026-03-04 12:00
> alert "Disk full again" for policy primary
Wed 04 Mar 12:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 12:10
Wed 04 Mar 12:00  ana email: [#2] High: Disk full again
> ana resolves #2
Wed 04 Mar 12:00  #2  RESOLVE by Ana (INCIDENTS_API)

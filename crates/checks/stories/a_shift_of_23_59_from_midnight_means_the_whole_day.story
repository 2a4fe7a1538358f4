# A shift of 23:59 from midnight means the whole day.
# on-call §2: old data is full of it, and meant no gap of a minute.

[[routine]]
name = "old data"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", shift_length = "23:59", rotations = [["ana"], ["ben"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, routines = ["old data"] }, { minutes = 10, users = ["dee"] }]

[story]
> it is 2026-03-02 23:59 in UTC
> wait 30 seconds
> alert "Disk full" for policy primary
Mon 02 Mar 23:59:30  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Tue 03 Mar 00:09:30
Mon 02 Mar 23:59:30  ana email: [#1] High: Disk full
> ana resolves #1
Mon 02 Mar 23:59:30  #1  RESOLVE by Ana (INCIDENTS_API)

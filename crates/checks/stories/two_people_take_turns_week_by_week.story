# Two people take turns week by week, and hand over at the hour of the rotation.
# on-call §2: rotation_frequency in days, counted from valid_start; rotation_start by the wall clock.

[[routine]]
name = "weeks"
timezone = "America/New_York"

[[routine.routine_layers]]
valid_start = "2026-03-02"
rotation_start = "09:00:00"
rotation_frequency = 7
rotations = [["ana"], ["ben"]]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["weeks"] }]

[story]
> it is 2026-03-09 08:30 in America/New_York
> alert "Disk full" for policy primary
Mon 09 Mar 08:30 EDT  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:30 EDT
Mon 09 Mar 08:30 EDT  ana email: [#1] High: Disk full
> wait 1 hour
Mon 09 Mar 09:30 EDT  #1  DISPATCH (SYSTEM), level 1: ben, next 10:30 EDT
Mon 09 Mar 09:30 EDT  ben email: [#1] High: Disk full
> ben resolves #1
Mon 09 Mar 09:30 EDT  #1  RESOLVE by Ben (INCIDENTS_API)
Mon 09 Mar 09:30 EDT  ana email: [#1] Resolved: Disk full
> it becomes 2026-03-16 09:00
> alert "Disk full again" for policy primary
Mon 16 Mar 09:00 EDT  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 10:00 EDT
Mon 16 Mar 09:00 EDT  ana email: [#2] High: Disk full again
> ana resolves #2
Mon 16 Mar 09:00 EDT  #2  RESOLVE by Ana (INCIDENTS_API)

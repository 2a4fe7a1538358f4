# An exception touches its own routine only.
# on-call §2: a level with several routines: each is resolved by itself, then united.

[[routine]]
name = "databases"
timezone = "UTC"
routine_layers = [
  { valid_start = "2026-01-01", rotations = [["ana"]] },
  { valid_start = "2026-03-02", valid_end = "2026-03-03", is_exception = true, rotations = [["cho"]] },
]

[[routine]]
name = "networks"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-01-01", rotations = [["ben"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["databases", "networks"] }]

[story]
> it is 2026-03-02 12:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 12:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: cho and ben, next 13:00
Mon 02 Mar 12:00  ben email: [#1] High: Disk full
Mon 02 Mar 12:00  cho email: [#1] High: Disk full
> cho resolves #1
Mon 02 Mar 12:00  #1  RESOLVE by Cho (INCIDENTS_API)
Mon 02 Mar 12:00  ben email: [#1] Resolved: Disk full
> it becomes 2026-03-03 12:00
> alert "Disk full again" for policy primary
Tue 03 Mar 12:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 13:00
Tue 03 Mar 12:00  ana email: [#2] High: Disk full again
Tue 03 Mar 12:00  ben email: [#2] High: Disk full again
> ana resolves #2
Tue 03 Mar 12:00  #2  RESOLVE by Ana (INCIDENTS_API)
Tue 03 Mar 12:00  ben email: [#2] Resolved: Disk full again

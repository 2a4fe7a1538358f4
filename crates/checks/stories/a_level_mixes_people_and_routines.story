# A level mixes people and routines, and everybody is asked once.
# on-call §1: a level's targets are any mix of users and routines.

[[routine]]
name = "days"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-01-01", rotations = [["ben"]] }]

[[routine]]
name = "more days"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-01-01", rotations = [["cho", "ana"]] }]

[[escalation_policy]]
name = "mixed"
levels = [{ minutes = 5, users = ["ana"], routines = ["days", "more days"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy mixed
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben and cho, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
Mon 02 Mar 08:00  cho email: [#1] High: Disk full

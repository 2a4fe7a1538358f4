# A routine that changes in the middle of an incident counts from the next notification on.
# field: a swap, a new layer or a person who leaves is seen by an escalation that is under way.

[[routine]]
name = "operators"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, routines = ["operators"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:10
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> the directory changes:
| [[routine]]
| name = "operators"
| timezone = "UTC"
| routine_layers = [{ valid_start = "2026-03-02", rotations = [["ben"]] }]
> wait 10 minutes
Mon 02 Mar 08:10  #1  DISPATCH (SYSTEM), level 1: ben, next 08:20
Mon 02 Mar 08:10  ben email: [#1] High: Disk full

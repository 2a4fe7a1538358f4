# A swap replaces one person wherever they are on duty in that time, and leaves the others alone.
# on-call §2: swaps are kept as swaps and applied at resolution; without `in`, nobody takes the place.

[[routine]]
name = "pairs"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana", "ben"]] }]
swaps = [
  { out = "ana", in = "cho", from = "2026-03-03T00:00:00", until = "2026-03-04T00:00:00" },
  { out = "ben", from = "2026-03-04T12:00:00", until = "2026-03-05T00:00:00" },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 720, routines = ["pairs"] }]

[story]
> it is 2026-03-02 18:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 18:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next Tue 03 Mar 06:00
Mon 02 Mar 18:00  ana email: [#1] High: Disk full
Mon 02 Mar 18:00  ben email: [#1] High: Disk full
> wait 60 hours
Tue 03 Mar 06:00  #1  DISPATCH (SYSTEM), level 1: ben and cho, next 18:00
Tue 03 Mar 06:00  ben email: [#1] High: Disk full
Tue 03 Mar 06:00  cho email: [#1] High: Disk full
Tue 03 Mar 18:00  #1  DISPATCH (SYSTEM), level 1: ben and cho, next Wed 04 Mar 06:00
Tue 03 Mar 18:00  ben email: [#1] High: Disk full
Tue 03 Mar 18:00  cho email: [#1] High: Disk full
Wed 04 Mar 06:00  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 18:00
Wed 04 Mar 06:00  ana email: [#1] High: Disk full
Wed 04 Mar 06:00  ben email: [#1] High: Disk full
Wed 04 Mar 18:00  #1  DISPATCH (SYSTEM), level 1: ana, next Thu 05 Mar 06:00
Wed 04 Mar 18:00  ana email: [#1] High: Disk full
Thu 05 Mar 06:00  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 18:00
Thu 05 Mar 06:00  ana email: [#1] High: Disk full
Thu 05 Mar 06:00  ben email: [#1] High: Disk full

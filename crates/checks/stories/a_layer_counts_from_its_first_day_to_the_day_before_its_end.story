# A layer counts from its first day to the day before its end, and no longer.
# on-call §2: valid_start is the first day and the epoch of the cycle; valid_end is exclusive.

[[routine]]
name = "in March"
timezone = "Asia/Kathmandu"
routine_layers = [{ valid_start = "2026-03-02", valid_end = "2026-03-05", rotations = [["ana"], ["ben"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["in March"] }, { minutes = 60, users = ["dee"] }]

[story]
> it is 2026-03-01 23:59 in Asia/Kathmandu
> alert "Before" for policy primary
Sun 01 Mar 23:59 +0545  #1  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next Mon 02 Mar 00:59 +0545
Sun 01 Mar 23:59 +0545  #1  ESCALATE (SYSTEM), level 2: dee, passed over level 1, next Mon 02 Mar 00:59 +0545
Sun 01 Mar 23:59 +0545  dee email: [#1] High: Before
> dee resolves #1
Sun 01 Mar 23:59 +0545  #1  RESOLVE by Dee (INCIDENTS_API)
> it becomes 00:00
> alert "On the first day" for policy primary
Mon 02 Mar 00:00 +0545  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 01:00 +0545
Mon 02 Mar 00:00 +0545  ana email: [#2] High: On the first day
> ana resolves #2
Mon 02 Mar 00:00 +0545  #2  RESOLVE by Ana (INCIDENTS_API)
> it becomes 2026-03-04 23:59
> alert "On the last day, the third" for policy primary
Wed 04 Mar 23:59 +0545  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next Thu 05 Mar 00:59 +0545
Wed 04 Mar 23:59 +0545  ana email: [#3] High: On the last day, the third
> ana resolves #3
Wed 04 Mar 23:59 +0545  #3  RESOLVE by Ana (INCIDENTS_API)
> it becomes 00:00
> alert "After" for policy primary
Thu 05 Mar 00:00 +0545  #4  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next 01:00 +0545
Thu 05 Mar 00:00 +0545  #4  ESCALATE (SYSTEM), level 2: dee, passed over level 1, next 01:00 +0545
Thu 05 Mar 00:00 +0545  dee email: [#4] High: After
> dee resolves #4
Thu 05 Mar 00:00 +0545  #4  RESOLVE by Dee (INCIDENTS_API)

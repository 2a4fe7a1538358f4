# A night shift belongs wholly to the day it began.
# on-call §2: Friday's night runs into Saturday, though Saturday is skipped; and the night of the last day is whole.

[[routine]]
name = "nights"
timezone = "UTC"

[[routine.routine_layers]]
valid_start = "2026-03-02"
valid_end = "2026-03-10"
rotation_start = "20:00:00"
shift_length = "12:00"
skip_days = [5]
rotations = [["ana"]]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, routines = ["nights"] }, { minutes = 600, users = ["dee"] }]

[story]
> it is 2026-03-07 03:00 in UTC
> alert "In Friday's night" for policy primary
Sat 07 Mar 03:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 13:00
Sat 07 Mar 03:00  ana email: [#1] High: In Friday's night
> ana resolves #1
Sat 07 Mar 03:00  #1  RESOLVE by Ana (INCIDENTS_API)
> it becomes 2026-03-07 21:00
> alert "In Saturday's night" for policy primary
Sat 07 Mar 21:00  #2  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next Sun 08 Mar 07:00
Sat 07 Mar 21:00  #2  ESCALATE (SYSTEM), level 2: dee, passed over level 1, next Sun 08 Mar 07:00
Sat 07 Mar 21:00  dee email: [#2] High: In Saturday's night
> dee resolves #2
Sat 07 Mar 21:00  #2  RESOLVE by Dee (INCIDENTS_API)
# The 9th is the last day.
> it becomes 2026-03-10 07:59
> alert "At the end of the last night" for policy primary
Tue 10 Mar 07:59  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 17:59
Tue 10 Mar 07:59  ana email: [#3] High: At the end of the last night
> ana resolves #3
Tue 10 Mar 07:59  #3  RESOLVE by Ana (INCIDENTS_API)
> it becomes 2026-03-10 20:00
> alert "Afterwards" for policy primary
Tue 10 Mar 20:00  #4  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next Wed 11 Mar 06:00
Tue 10 Mar 20:00  #4  ESCALATE (SYSTEM), level 2: dee, passed over level 1, next Wed 11 Mar 06:00
Tue 10 Mar 20:00  dee email: [#4] High: Afterwards
> dee resolves #4
Tue 10 Mar 20:00  #4  RESOLVE by Dee (INCIDENTS_API)

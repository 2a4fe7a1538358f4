# An incident that nobody can be found for is tried every minute, and says so once.
# contract §3; field: gaps and empty shifts that nobody was warned about.

[[routine]]
name = "from nine"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-01", rotation_start = "09:00:00", shift_length = "08:00", rotations = [["ana"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["from nine"] }]

[story]
> it is 2026-03-02 08:50 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:50  #1  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next 08:55
Mon 02 Mar 08:50  #1  DISPATCH (SYSTEM), level 1: nobody, nobody can be reached, next 08:51
> wait 9 minutes
> wait 1 minute
Mon 02 Mar 09:00  #1  DISPATCH (SYSTEM), level 1: ana, next 09:05
Mon 02 Mar 09:00  ana email: [#1] High: Disk full
> ana resolves #1
Mon 02 Mar 09:00  #1  RESOLVE by Ana (INCIDENTS_API)

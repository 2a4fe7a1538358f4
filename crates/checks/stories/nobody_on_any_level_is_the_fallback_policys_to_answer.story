# Nobody on any level is the fallback policy's to answer.
# contract §3: if no level has anybody, the organization's fallback policy; an event says so.

[organization]
name = "house"
fallback_policy = "everybody"

[[routine]]
name = "old"
timezone = "UTC"
routine_layers = [{ valid_start = "2020-01-01", valid_end = "2021-01-01", rotations = [["ana"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["old"] }, { minutes = 5, routines = ["old"] }]

[[escalation_policy]]
name = "everybody"
levels = [{ minutes = 30, users = ["dee"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: nobody, next 08:05
Mon 02 Mar 08:00  #1  REASSIGN (SYSTEM), level 1: dee, reassign to {policy everybody}, the fallback policy, next 08:30
Mon 02 Mar 08:00  dee email: [#1] High: Disk full
> dee resolves #1
Mon 02 Mar 08:00  #1  RESOLVE by Dee (INCIDENTS_API)

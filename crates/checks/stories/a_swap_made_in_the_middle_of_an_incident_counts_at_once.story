# A swap made in the middle of an incident counts at once, and can be taken back: it ends then, and what it was stays known.
# on-call §2: a swap replaces one person wherever they are on duty in that time.

[[routine]]
name = "days"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana", "ben"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["days"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 08:05
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
Mon 02 Mar 08:00  ben email: [#1] High: Disk full
> POST /v1/routines/days/swaps {"out": "ana", "in": "cho", "from": "2026-03-02T08:00:00", "until": "2026-03-02T10:00:00", "by": "ana"}
{
  swap_ref_id: "{swap 1}"
  routine_ref_id: "{routine days}"
  out: "ana"
  in: "cho"
  from: "2026-03-02T08:00:00.000000"
  until: "2026-03-02T10:00:00.000000"
  by: "Ana"
  timestamp: "2026-03-02T08:00:00.000000"
  warnings: []
  gaps: []
}
> wait 5 minutes
Mon 02 Mar 08:05  #1  DISPATCH (SYSTEM), level 1: ben and cho, next 08:10
Mon 02 Mar 08:05  ben email: [#1] High: Disk full
Mon 02 Mar 08:05  cho email: [#1] High: Disk full
> DELETE /v1/routines/days/swaps/{swap 1}
"Success"
> wait 5 minutes
Mon 02 Mar 08:10  #1  DISPATCH (SYSTEM), level 1: ana and ben, next 08:15
Mon 02 Mar 08:10  ana email: [#1] High: Disk full
Mon 02 Mar 08:10  ben email: [#1] High: Disk full
> POST /v1/routines/days/swaps {"out": "nobody knows", "from": "2026-03-02T10:00:00", "until": "2026-03-02T08:00:00"}
-> 400 invalid_fields: until: until 2026-03-02T08:00:00.000000 must be after from 2026-03-02T10:00:00.000000
> GET /v1/routines/days/swaps
[
  {
    swap_ref_id: "{swap 1}"
    routine_ref_id: "{routine days}"
    out: "ana"
    in: "cho"
    from: "2026-03-02T08:00:00.000000"
    until: "2026-03-02T08:05:00.000000"
    by: "Ana"
    timestamp: "2026-03-02T08:00:00.000000"
  }
]
